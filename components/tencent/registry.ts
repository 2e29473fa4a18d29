import { interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { ImageName } from "../platform.ts";
import { kept } from "../resource-options.ts";
import { named, slow, type TencentContext } from "./context.ts";
import type { Network } from "./network.ts";
import { TcrImmutableTagRule } from "./sdk/tcr-immutable-tag-rule.ts";
import { TcrInstance } from "./sdk/tcr-instance.ts";
import { TcrNamespace } from "./sdk/tcr-namespace.ts";
import { TcrVpcAttachment } from "./sdk/tcr-vpc-attachment.ts";

/** Namespace of all images of the runtime. */
const NAMESPACE = "breakwater";

/**
 * The environment's own registry, which answers inside the network and nowhere else: tags that never move, every image
 * scanned when it arrives.
 *
 * Its namespace can be read without a login. Whoever reads is inside the network, and the other way would be a password
 * in the engine's state for nodes to pull with; images hold no secret. Writing needs the deploying machine's login.
 *
 * Children: `${name}` (TcrInstance, TcrNamespace, TcrImmutableTagRule, TcrVpcAttachment). Cost: by month and size, price
 * not known here. Checked by: test/unit/components/tencent/registry.test.ts.
 */
export class Registry extends Component {
  /** Host that images are named by. */
  readonly address: string;
  /** What must exist before the first image is pushed or pulled. */
  readonly ready: readonly Resource[];

  constructor(
    name: string,
    context: TencentContext,
    { network }: { readonly network: Network },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:tencent:Registry", name, opts);
    const instanceName = named(context, "registry", "images");
    this.address = `${instanceName}.tencentcloudcr.com`;
    const instance = new TcrInstance(
      name,
      {
        name: instanceName,
        instanceType: "standard",
        openPublicOperation: false,
        deletionProtection: true,
        enableCosVersioning: true,
        deleteBucket: false,
        tags: context.tags,
      },
      slow(kept(this.child())),
    );
    const namespace = new TcrNamespace(
      name,
      { instanceId: instance.id, name: NAMESPACE, isPublic: true, isAutoScan: true, tags: context.tags },
      kept(this.child()),
    );
    const immutable = new TcrImmutableTagRule(
      name,
      {
        registryId: instance.id,
        namespaceName: NAMESPACE,
        rule: {
          repositoryPattern: "**",
          repositoryDecoration: "repoMatches",
          tagPattern: "**",
          tagDecoration: "matches",
          disabled: false,
        },
      },
      this.child(namespace),
    );
    const attached = new TcrVpcAttachment(
      name,
      {
        instanceId: instance.id,
        vpcId: network.vpc,
        subnetId: network.subnets("data")[0],
        enableVpcDomainDns: true,
        enablePublicDomainDns: false,
      },
      slow(this.child()),
    );
    this.ready = [immutable, attached];
    this.registerOutputs();
  }

  /** Repository of one image, without a tag. */
  repository(image: ImageName): Output<string> {
    return interpolate`${this.address}/${NAMESPACE}/${image}`;
  }
}
