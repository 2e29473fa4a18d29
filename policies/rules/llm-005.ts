import { z } from "zod";
import type { StackRule } from "../rule.ts";
import { eachSettingsFile } from "../settings-files.ts";

const MICRO = 1_000_000;

const router = z.object({
  tenants: z.array(
    z.object({
      id: z.string(),
      budget: z.object({ monthly_micro_usd: z.number(), alert_percents: z.array(z.number()) }),
    }),
  ),
});

/**
 * An agent in a loop spends a month's money in a night. The cap is the model router's, which refuses what would exceed
 * it; so the file that the router reads must have every tenant's, and a warning that comes before it.
 */
export const llm005: StackRule = {
  id: "LLM-005",
  subjects: [],
  *check(plan) {
    const { tenants } = plan.facts;
    for (const { id, monthlyBudgetUsd, alertPercents } of tenants) {
      if (!(monthlyBudgetUsd >= 0)) yield { problem: `tenant ${id} has no cap` };
      if (!alertPercents.some(isEarly)) yield { problem: `tenant ${id} is warned at no share below 100%` };
    }
    const capOf = new Map(tenants.map(({ id, monthlyBudgetUsd }) => [id, Math.round(monthlyBudgetUsd * MICRO)]));
    const capped = new Set<string>();
    const ofRouter = ({ name }: { readonly name: string }) => name === "router-settings";
    yield* eachSettingsFile(plan, ofRouter, function* ({ urn, content }) {
      for (const { id, budget } of router.parse(content).tenants) {
        capped.add(id);
        const cap = capOf.get(id) ?? 0;
        if (budget.monthly_micro_usd !== cap) {
          yield { urn, problem: `the router's cap of ${id} is ${budget.monthly_micro_usd}, not ${cap} micro-USD` };
        }
        if (!budget.alert_percents.some(isEarly))
          yield { urn, problem: `the router warns ${id} at no share below 100%` };
      }
    });
    for (const { id } of tenants) if (!capped.has(id)) yield { problem: `the router has no cap for tenant ${id}` };
  },
};

function isEarly(percent: number): boolean {
  return percent > 0 && percent < 100;
}
