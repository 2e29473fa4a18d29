import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { usdLeaf } from "./usd.ts";

const HOURS_A_MONTH = 730;

const rate = (currency: string) =>
  leaf(z.number().positive().max(1_000_000), {
    says: `How many ${currency} one USD costs. No rate of exchange is kept anywhere else.`,
    unit: `${currency} for one USD`,
    enforcer: ENFORCERS.estimate,
  }).optional();

/** What a month may cost, and what an estimate cannot know by itself. */
export const cost = z.strictObject({
  monthly_budget_usd: usdLeaf({
    says: "What a month may cost by the expected estimate of the plan. A dearer plan is refused before anything is built.",
    enforcer: ENFORCERS.costBudget,
  }).optional(),
  allow_unpriced: leaf(z.boolean(), {
    says: "Whether a plan passes the budget although some of it has no price. false: what cannot be compared is refused.",
    enforcer: ENFORCERS.costBudget,
  }).default(false),
  rates: z.strictObject({ CNY: rate("CNY"), KRW: rate("KRW") }).prefault({}),
  gpu_hours: leaf(z.number().int().min(0).max(HOURS_A_MONTH), {
    says: "Hours a month in which nodes with GPUs run. Left out: all of them.",
    unit: "hours a month",
    enforcer: ENFORCERS.estimate,
  }).optional(),
  requests_monthly: z
    .record(
      z.string().max(100),
      leaf(z.number().int().min(0).max(1_000_000_000), {
        says: "Model requests of this tenant in a month, planned or measured; the tenant's id is the key. Named for every tenant, they also split what all share. Left out: by the number of people.",
        unit: "requests a month",
        enforcer: ENFORCERS.estimate,
      }),
    )
    .default({}),
});
