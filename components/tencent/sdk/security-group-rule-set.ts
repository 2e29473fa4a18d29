// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `ingress` of {@link SecurityGroupRuleSetArgs}. */
export interface SecurityGroupRuleSetIngress {
  readonly action: Input<string>;
  readonly cidrBlock?: Input<string>;
  readonly sourceSecurityId?: Input<string>;
  readonly protocol?: Input<string>;
  readonly port?: Input<string>;
  readonly description?: Input<string>;
}

/** Block `egress` of {@link SecurityGroupRuleSetArgs}. */
export interface SecurityGroupRuleSetEgress {
  readonly action: Input<string>;
  readonly cidrBlock?: Input<string>;
  readonly sourceSecurityId?: Input<string>;
  readonly protocol?: Input<string>;
  readonly port?: Input<string>;
  readonly description?: Input<string>;
}

/** Arguments of {@link SecurityGroupRuleSet}. */
export interface SecurityGroupRuleSetArgs {
  readonly securityGroupId: Input<string>;
  readonly ingresses?: Input<readonly Input<SecurityGroupRuleSetIngress>[]>;
  readonly egresses?: Input<readonly Input<SecurityGroupRuleSetEgress>[]>;
}

/** `tencentcloud_security_group_rule_set` of the Terraform provider, with the arguments that the kit uses. */
export class SecurityGroupRuleSet extends CustomResource {
  constructor(name: string, args: SecurityGroupRuleSetArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/securityGroupRuleSet:SecurityGroupRuleSet",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
