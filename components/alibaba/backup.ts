import { Policy } from "@pulumi/alicloud/hbr/policy.js";
import { PolicyBinding } from "@pulumi/alicloud/hbr/policyBinding.js";
import { ReplicationVault } from "@pulumi/alicloud/hbr/replicationVault.js";
import { Vault } from "@pulumi/alicloud/hbr/vault.js";
import { Provider } from "@pulumi/alicloud/provider.js";
import type { Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type AlibabaContext, named } from "./context.ts";
import { copyRegionOf } from "./copy-region.ts";
import type { Keys } from "./keys.ts";
import { BACKUP_TAG } from "./nodes.ts";

/** Every day at 03:00 of UTC+8, from 2026-01-01 on: `I|<seconds>|<interval>`. */
const DAILY = "I|1767207600|P1D";

/**
 * Copies that nobody can delete before their time: the shared files, and the disks of the nodes that cells and the vault
 * are on, with the volumes attached to them; and copies of these in another region under the same law, where there is
 * one. The database makes its own.
 *
 * Children: Vault, Policy and PolicyBinding of files, Policy of disks; `${name}-copy` (Provider, ReplicationVault). Cost: storage of copies, no price known.
 * Checked by: test/unit/components/alibaba/backup.test.ts.
 */
export class Backup extends Component {
  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly keys: Keys; readonly files: Output<string> },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Backup", name, opts);
    const { context, keys, files } = args;
    const retention = context.demand.database.backupDays;
    const vault = new Vault(
      name,
      {
        vaultName: named(context, "vault", "backup"),
        vaultType: "STANDARD",
        encryptType: "KMS",
        kmsKeyId: keys.of("backup").id,
        wormEnabled: true,
        tags: context.tags,
      },
      kept(this.child()),
    );
    const elsewhere = copyRegionOf(context);
    if (elsewhere !== undefined) this.#copy(`${name}-copy`, context, { vault, region: elsewhere });
    const daily = { ruleType: "BACKUP", backupType: "COMPLETE", schedule: DAILY, retention };
    const ofFiles = new Policy(
      `${name}-files`,
      {
        policyName: named(context, "vault", "files"),
        policyType: "STANDARD",
        policyDescription: "Shared files, daily.",
        rules: [{ ...daily, vaultId: vault.id }],
      },
      this.child(),
    );
    new PolicyBinding(
      `${name}-files`,
      { policyId: ofFiles.id, sourceType: "NAS", dataSourceId: files, disabled: false },
      this.child(),
    );
    new Policy(
      `${name}-disks`,
      {
        policyName: named(context, "vault", "disks"),
        policyType: "UDM_ECS_ONLY",
        policyDescription: "Disks of nodes that keep state, daily, found by their tag.",
        rules: [
          { ...daily, immutable: true },
          { ruleType: "TAG", tagFilters: [{ key: BACKUP_TAG.key, operator: "EQUAL", value: BACKUP_TAG.value }] },
          ...(elsewhere === undefined ? [] : [{ ruleType: "REPLICATION", replicationRegionId: elsewhere, retention }]),
        ],
      },
      this.child(),
    );
    this.registerOutputs();
  }

  /** The key store answers in its own region alone, so that the copy is encrypted with a key of Cloud Backup. */
  #copy(name: string, context: AlibabaContext, { vault, region }: { vault: Vault; region: string }): void {
    const provider = new Provider(name, { region }, { parent: this });
    new ReplicationVault(
      name,
      {
        vaultName: named(context, "vault", "backup-copy"),
        description: `Copies of ${context.demand.environment}'s backups`,
        replicationSourceRegionId: context.demand.region,
        replicationSourceVaultId: vault.id,
      },
      kept({ ...this.child(), provider }),
    );
  }
}
