import { Plan } from "@pulumi/aws/backup/plan.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { kept } from "../resource-options.ts";
import { type AwsContext, backedUp, named, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";
import { managedPolicy, trustedService } from "./policies.ts";

/** Policies that AWS keeps for its backup role. */
const MANAGED = {
  backup: "service-role/AWSBackupServiceRolePolicyForBackup",
  restore: "service-role/AWSBackupServiceRolePolicyForRestores",
} as const;

/** Days in which the lock can still be taken off; after them nobody can. The least that AWS takes is 3. */
const GRACE_DAYS = 3;

/**
 * Recovery points of everything of the environment that holds data (PostgreSQL, volumes, the file system with the audit
 * logs), every night, in a vault whose points nobody can delete early.
 *
 * Children: `${name}` (Vault, VaultLockConfiguration, Plan, Selection), Role with its policies. Cost: 0.095 USD a GB and
 * month of PostgreSQL (us-east-1, 2026-05-03), others by size. Checked by: test/unit/components/aws/data.test.ts.
 */
export class Backup extends Component {
  constructor(name: string, context: AwsContext, keys: Keys, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Backup", name, opts);
    const { backupDays } = context.demand.database;
    const { auditRetentionDays } = context.demand;
    const label = named(context, "vault", "backup");
    const tags = tagged(context, label);
    const vault = new Vault(
      name,
      { name: label, kmsKeyArn: keys.of("backup").arn, forceDestroy: false, tags },
      kept(this.child()),
    );
    new VaultLockConfiguration(
      name,
      {
        backupVaultName: vault.name,
        changeableForDays: GRACE_DAYS,
        minRetentionDays: Math.min(backupDays, auditRetentionDays),
        maxRetentionDays: Math.max(backupDays, auditRetentionDays),
      },
      kept(this.child()),
    );
    const plan = new Plan(
      name,
      {
        name: label,
        rules: [
          rule("nightly", "cron(0 18 * * ? *)", vault.name, backupDays),
          // As long as the audit log itself must be there.
          rule("monthly", "cron(0 19 1 * ? *)", vault.name, auditRetentionDays),
        ],
        tags,
      },
      this.child(),
    );
    const { role, attached } = this.#role(name, context);
    new Selection(
      name,
      {
        name: label,
        planId: plan.id,
        iamRoleArn: role.arn,
        selectionTags: Object.entries(backedUp(context)).map(([key, value]) => ({ type: "STRINGEQUALS", key, value })),
      },
      this.child(attached),
    );
    this.registerOutputs();
  }

  #role(name: string, context: AwsContext) {
    const role = new Role(
      name,
      {
        name: named(context, "role", `backup-${context.demand.region}`),
        assumeRolePolicy: trustedService("backup.amazonaws.com"),
        tags: { ...context.tags },
      },
      this.child(),
    );
    const attached = Object.entries(MANAGED).map(
      ([what, policy]) =>
        new RolePolicyAttachment(
          `${name}-${what}`,
          { role: role.name, policyArn: managedPolicy(context, policy) },
          this.child(),
        ),
    );
    return { role, attached };
  }
}

function rule(ruleName: string, schedule: string, targetVaultName: Plan["name"], deleteAfter: number) {
  return { ruleName, schedule, targetVaultName, startWindow: 60, completionWindow: 480, lifecycle: { deleteAfter } };
}
