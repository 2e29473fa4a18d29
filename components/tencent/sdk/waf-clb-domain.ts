// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input, Output } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `load_balancer_set` of {@link WafClbDomainArgs}. */
export interface WafClbDomainLoadBalancerSet {
  readonly loadBalancerId: Input<string>;
  readonly loadBalancerName: Input<string>;
  readonly listenerId: Input<string>;
  readonly listenerName: Input<string>;
  readonly vip: Input<string>;
  readonly vport: Input<number>;
  readonly region: Input<string>;
  readonly protocol: Input<string>;
  readonly zone: Input<string>;
}

/** Arguments of {@link WafClbDomain}. */
export interface WafClbDomainArgs {
  readonly instanceId: Input<string>;
  readonly domain: Input<string>;
  readonly region: Input<string>;
  readonly albType?: Input<string>;
  readonly engine?: Input<number>;
  readonly flowMode?: Input<number>;
  readonly status?: Input<number>;
  readonly isCdn?: Input<number>;
  readonly clsStatus?: Input<number>;
  readonly note?: Input<string>;
  readonly loadBalancerSets?: Input<readonly Input<WafClbDomainLoadBalancerSet>[]>;
}

/** `tencentcloud_waf_clb_domain` of the Terraform provider, with the arguments that the kit uses. */
export class WafClbDomain extends CustomResource {
  declare readonly domainId: Output<string>;

  constructor(name: string, args: WafClbDomainArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, domainId: undefined };
    super("tencentcloud:index/wafClbDomain:WafClbDomain", name, inputs, opts, false, tencentPackage());
  }
}
