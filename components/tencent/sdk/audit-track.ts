// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Block `storage` of {@link AuditTrackArgs}. */
export interface AuditTrackStorage {
  readonly storageType: Input<string>;
  readonly storageRegion: Input<string>;
  readonly storageName: Input<string>;
  readonly storagePrefix: Input<string>;
  readonly storageAccountId?: Input<string>;
  readonly storageAppId?: Input<string>;
}

/** Arguments of {@link AuditTrack}. */
export interface AuditTrackArgs {
  readonly name: Input<string>;
  readonly actionType: Input<string>;
  readonly resourceType: Input<string>;
  readonly status: Input<number>;
  readonly eventNames: Input<readonly Input<string>[]>;
  readonly storage: Input<AuditTrackStorage>;
  readonly trackForAllMembers?: Input<number>;
}

/** `tencentcloud_audit_track` of the Terraform provider, with the arguments that the kit uses. */
export class AuditTrack extends CustomResource {
  constructor(name: string, args: AuditTrackArgs, opts?: CustomResourceOptions) {
    super("tencentcloud:index/auditTrack:AuditTrack", name, { ...args }, opts, false, tencentPackage());
  }
}
