// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `full_text` of {@link ClsIndexRule}. */
export interface ClsIndexRuleFullText {
  readonly caseSensitive: Input<boolean>;
  readonly tokenizer: Input<string>;
  readonly containZH: Input<boolean>;
}

/** Block `dynamic_index` of {@link ClsIndexRule}. */
export interface ClsIndexRuleDynamicIndex {
  readonly status: Input<boolean>;
}

/** Block `rule` of {@link ClsIndexArgs}. */
export interface ClsIndexRule {
  readonly fullText?: Input<ClsIndexRuleFullText>;
  readonly dynamicIndex?: Input<ClsIndexRuleDynamicIndex>;
}

/** Arguments of {@link ClsIndex}. */
export interface ClsIndexArgs {
  readonly topicId: Input<string>;
  readonly status?: Input<boolean>;
  readonly includeInternalFields?: Input<boolean>;
  readonly metadataFlag?: Input<number>;
  readonly rule?: Input<ClsIndexRule>;
}

/** `tencentcloud_cls_index` of the Terraform provider, with the arguments that the kit uses. */
export class ClsIndex extends CustomResource {
  constructor(name: string, args: ClsIndexArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/clsIndex:ClsIndex", name, { ...args }, opts, false, tencentPackage());
  }
}
