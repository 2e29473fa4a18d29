import { z } from "zod";
import { AWS_CLUSTER } from "../aurora.ts";
import { DATABASE_TYPES } from "../databases.ts";
import { each } from "../known.ts";
import type { Plan, StackRule } from "../rule.ts";

/** Days. The settings know no other stage than production, for which the catalogue asks two weeks. */
const LEAST = 14;

const ALIBABA_BACKUPS = "alicloud:rds/backupPolicy:BackupPolicy";
const TENCENT_BACKUPS = "tencentcloud:index/postgresqlBackupPlan:PostgresqlBackupPlan";
const OTHER = ["aws:backup/plan:Plan", "alicloud:hbr/policy:Policy"] as const;

const aws = z.object({ backupRetentionPeriod: z.number().default(0) });
const awsCluster = z.object({ backupRetentionPeriod: z.number().default(1) });
const alibaba = z.object({
  backupRetentionPeriod: z.number().default(7),
  enableBackupLog: z.boolean().default(false),
  logBackupRetentionPeriod: z.number().default(0),
});
const tencent = z.object({ baseBackupRetentionPeriod: z.number().default(7) });
const awsPlan = z.object({
  rules: z.array(
    z.object({ ruleName: z.string(), lifecycle: z.object({ deleteAfter: z.number().optional() }).optional() }),
  ),
});
const alibabaPolicy = z.object({
  rules: z.array(z.object({ ruleType: z.string(), retention: z.number().optional() })),
});

/** A mistake is often found weeks after it was made. Recovery to a point in time needs the log of changes as well. */
export const dat003: StackRule = {
  id: "DAT-003",
  subjects: [...DATABASE_TYPES, ...OTHER],
  *check(plan) {
    yield* each(plan.ofType("aws:rds/instance:Instance"), function* ({ urn, props }) {
      const { backupRetentionPeriod } = aws.parse(props);
      for (const problem of tooShort("backupRetentionPeriod", backupRetentionPeriod)) yield { urn, problem };
    });
    yield* each(plan.ofType(AWS_CLUSTER), function* ({ urn, props }) {
      const { backupRetentionPeriod } = awsCluster.parse(props);
      for (const problem of tooShort("backupRetentionPeriod", backupRetentionPeriod)) yield { urn, problem };
    });
    yield* each(plan.ofType("alicloud:rds/instance:Instance"), function* ({ urn }) {
      if (plan.ofType(ALIBABA_BACKUPS).length === 0) yield { urn, problem: "no backup policy is planned" };
    });
    yield* each(plan.ofType(ALIBABA_BACKUPS), function* ({ urn, props }) {
      for (const problem of alibabaBackups(props)) yield { urn, problem };
    });
    yield* each(plan.ofType("tencentcloud:index/postgresqlInstance:PostgresqlInstance"), function* ({ urn, props }) {
      const own = plan.ofType(TENCENT_BACKUPS)[0]?.props;
      const { baseBackupRetentionPeriod } = tencent.parse(props["backupPlan"] ?? own ?? {});
      for (const problem of tooShort("baseBackupRetentionPeriod", baseBackupRetentionPeriod)) yield { urn, problem };
    });
    yield* otherBackups(plan);
  },
};

function* alibabaBackups(props: unknown): Iterable<string> {
  const { backupRetentionPeriod, enableBackupLog, logBackupRetentionPeriod } = alibaba.parse(props);
  yield* tooShort("backupRetentionPeriod", backupRetentionPeriod);
  if (!enableBackupLog) yield "enableBackupLog is not true";
  else yield* tooShort("logBackupRetentionPeriod", logBackupRetentionPeriod);
}

/** Of disks and file systems, by the cloud's own backup service. */
function* otherBackups(plan: Plan) {
  yield* each(plan.ofType(...OTHER), function* ({ urn, type, props }) {
    const kept =
      type === "aws:backup/plan:Plan"
        ? awsPlan.parse(props).rules.map(({ lifecycle }) => lifecycle?.deleteAfter)
        : alibabaPolicy
            .parse(props)
            .rules.filter(({ ruleType }) => ruleType === "BACKUP")
            .map(({ retention }) => retention);
    // A backup without a number is kept for ever.
    for (const days of kept) for (const problem of tooShort("retention", days ?? LEAST)) yield { urn, problem };
  });
}

function tooShort(field: string, days: number): readonly string[] {
  return days < LEAST ? [`${field} is ${days}, less than ${LEAST} days`] : [];
}
