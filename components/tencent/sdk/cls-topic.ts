// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link ClsTopic}. */
export interface ClsTopicArgs {
  readonly logsetId: Input<string>;
  readonly topicName: Input<string>;
  readonly period?: Input<number>;
  readonly hotPeriod?: Input<number>;
  readonly storageType?: Input<string>;
  readonly partitionCount?: Input<number>;
  readonly autoSplit?: Input<boolean>;
  readonly maxSplitPartitions?: Input<number>;
  readonly encryption?: Input<number>;
  readonly isWebTracking?: Input<boolean>;
  readonly describes?: Input<string>;
  readonly tags?: Input<Readonly<Record<string, Input<string>>>>;
}

/** `tencentcloud_cls_topic` of the Terraform provider, with the arguments that the kit uses. */
export class ClsTopic extends CustomResource {
  constructor(name: string, args: ClsTopicArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/clsTopic:ClsTopic", name, { ...args }, opts, false, tencentPackage());
  }
}
