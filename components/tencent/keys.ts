import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { named, type TencentContext } from "./context.ts";
import { KmsKey } from "./sdk/kms-key.ts";

/** One key for each kind of data, so that access to one opens nothing else. */
const PURPOSES = ["cluster", "disks", "database", "objects"] as const;
export type KeyPurpose = (typeof PURPOSES)[number];

/** Days in which a deleted key can be called back: the most that KMS allows. */
const CALL_BACK_DAYS = 30;

/**
 * The company's keys: the cluster's secrets, the disks, the database, the buckets.
 *
 * Children: `${name}-<purpose>` (KmsKey), rotated every year by KMS. Cost: by key and month, price not known here.
 * Checked by: test/unit/components/tencent/keys.test.ts.
 */
export class Keys extends Component {
  readonly #keys: Readonly<Record<KeyPurpose, KmsKey>>;

  constructor(name: string, context: TencentContext, opts?: ComponentResourceOptions) {
    super("breakwater:tencent:Keys", name, opts);
    const key = (purpose: KeyPurpose) =>
      new KmsKey(
        `${name}-${purpose}`,
        {
          alias: named(context, "key", purpose),
          description: `Breakwater: ${purpose}`,
          keyUsage: "ENCRYPT_DECRYPT",
          isEnabled: true,
          keyRotationEnabled: true,
          pendingDeleteWindowInDays: CALL_BACK_DAYS,
          tags: context.tags,
        },
        kept(this.child()),
      );
    this.#keys = { cluster: key("cluster"), disks: key("disks"), database: key("database"), objects: key("objects") };
    this.registerOutputs();
  }

  /** Identifier of the key of one kind of data. */
  of(purpose: KeyPurpose): Output<string> {
    return this.#keys[purpose].id;
  }
}
