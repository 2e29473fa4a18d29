// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `rule` of {@link TcrImmutableTagRuleArgs}. */
export interface TcrImmutableTagRuleRule {
  readonly repositoryPattern: Input<string>;
  readonly repositoryDecoration: Input<string>;
  readonly tagPattern: Input<string>;
  readonly tagDecoration: Input<string>;
  readonly disabled?: Input<boolean>;
}

/** Arguments of {@link TcrImmutableTagRule}. */
export interface TcrImmutableTagRuleArgs {
  readonly registryId: Input<string>;
  readonly namespaceName: Input<string>;
  readonly rule: Input<TcrImmutableTagRuleRule>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_tcr_immutable_tag_rule` of the Terraform provider, with the arguments that the kit uses. */
export class TcrImmutableTagRule extends CustomResource {
  constructor(name: string, args: TcrImmutableTagRuleArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/tcrImmutableTagRule:TcrImmutableTagRule",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
