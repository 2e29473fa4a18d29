import { z } from "zod";
import { AWS_CLUSTER } from "../aurora.ts";
import { placesIn } from "../copies.ts";
import { each } from "../known.ts";
import { mayLieIn } from "../regions.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

const AWS_DATA = ["aws:rds/instance:Instance", AWS_CLUSTER, "aws:efs/fileSystem:FileSystem"] as const;
const AWS_PLAN = "aws:backup/plan:Plan";
const ALIBABA_VAULT = "alicloud:hbr/vault:Vault";
const ALIBABA_COPY = "alicloud:hbr/replicationVault:ReplicationVault";

/** What copies a backup to another place by itself, on any cloud. */
const COPIES = [
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  "alicloud:rds/rdsInstanceCrossBackupPolicy:RdsInstanceCrossBackupPolicy",
  "alicloud:oss/bucketReplication:BucketReplication",
] as const;

const backupPlan = z.object({
  rules: z.array(
    z.object({
      ruleName: z.string(),
      copyActions: z.array(z.object({ destinationVaultArn: z.string() })).optional(),
    }),
  ),
});
const replication = z.object({ replicationSourceRegionId: z.string() });

/**
 * A zone burns down with its backups. Another zone is enough, and in Korea AWS has no second region: AWS Backup spreads
 * every vault over three zones (docs.aws.amazon.com/aws-backup/latest/devguide/disaster-recovery-resiliency.html, from
 * memory 2026-11-24), so there a plan is asked for; Alibaba Cloud says of no vault where it lies, so there a copy is.
 * Copies to another region stay under the law that the data is under.
 */
export const dat004: StackRule = {
  id: "DAT-004",
  subjects: [...AWS_DATA, ALIBABA_VAULT, ...COPIES],
  *check(plan) {
    const missing = plan.ofType(AWS_PLAN).length === 0;
    for (const { urn } of missing ? plan.ofType(...AWS_DATA) : []) yield { urn, problem: "no backup plan is planned" };
    yield* each(plan.ofType(AWS_PLAN), function* ({ urn, props }) {
      for (const problem of copiesAbroad(backupPlan.parse(props), plan)) yield { urn, problem };
    });
    yield* alibaba(plan);
    yield* each(plan.ofType(...COPIES), (copy) => otherCopies(copy, plan));
  },
};

function* copiesAbroad({ rules }: z.infer<typeof backupPlan>, { facts }: Plan): Iterable<string> {
  for (const { ruleName, copyActions = [] } of rules) {
    for (const { destinationVaultArn } of copyActions) {
      const region = destinationVaultArn.split(":")[3] ?? "";
      if (!mayLieIn("aws", region, facts.region)) yield `${ruleName} copies to ${region}`;
    }
  }
}

function* otherCopies(copy: PlanResource, plan: Plan): Iterable<StackProblem> {
  const { topology, region: home } = plan.facts;
  if (topology === "dgx" || topology === "local") return;
  for (const { path, region, what } of placesIn(copy, plan)) {
    if (region === undefined) yield { urn: copy.urn, problem: `${path} is ${what}` };
    else if (!mayLieIn(topology, region, home)) yield { urn: copy.urn, problem: `copies to ${region}` };
  }
}

function* alibaba(plan: Plan): Iterable<StackProblem> {
  const copies = plan.ofType(ALIBABA_COPY);
  // The vault of the copies is no source that needs one itself.
  for (const { urn } of copies.length === 0 ? plan.ofType(ALIBABA_VAULT) : []) {
    yield { urn, problem: "no replication vault takes a copy" };
  }
  yield* each(copies, function* ({ urn, props }) {
    const { replicationSourceRegionId: source } = replication.parse(props);
    if (!mayLieIn("alibaba", source, plan.facts.region)) yield { urn, problem: `copies from ${source}` };
  });
}
