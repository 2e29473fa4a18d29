import { z } from "zod";
import { minimumAuditDays } from "../audit-days.ts";
import { each } from "../known.ts";
import type { PlanResource, StackProblem, StackRule } from "../rule.ts";

/** Where logs lie, and how each says its days; AWS and Alibaba Cloud write "for ever" as the number below. */
const STORES: Readonly<
  Record<string, { readonly field: string; readonly forEver?: number; readonly otherwise: number }>
> = {
  // Without a number a group of CloudWatch never forgets.
  "aws:cloudwatch/logGroup:LogGroup": { field: "retentionInDays", forEver: 0, otherwise: 0 },
  "alicloud:log/store:Store": { field: "retentionPeriod", otherwise: 30 },
  "alicloud:cs/managedKubernetes:ManagedKubernetes": { field: "controlPlaneLogTtl", otherwise: 30 },
  "tencentcloud:index/clsTopic:ClsTopic": { field: "period", otherwise: 30 },
  "tencentcloud:index/postgresAuditService:PostgresAuditService": { field: "logExpireDay", otherwise: 0 },
};

const days = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).optional();

/** What happened half a year ago is often what an investigation, or the law, asks for. */
export const log001: StackRule = {
  id: "LOG-001",
  subjects: [],
  *check(plan) {
    const least = minimumAuditDays(plan.facts);
    const { auditRetentionDays } = plan.facts;
    if (auditRetentionDays < least)
      yield { problem: `audit records are kept ${auditRetentionDays} days, not ${least}` };
    yield* each(plan.ofType(...Object.keys(STORES)), (resource) => tooShort(resource, least));
  },
};

function* tooShort({ urn, type, props }: PlanResource, least: number): Iterable<StackProblem> {
  const store = STORES[type];
  if (store === undefined) return;
  const kept = days.parse(props[store.field]) ?? store.otherwise;
  if (kept !== store.forEver && kept < least)
    yield { urn, problem: `${store.field} is ${kept}, less than ${least} days` };
}
