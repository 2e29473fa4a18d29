import type { Answers } from "./answers.ts";

/** `total` in `parts` whole shares that differ by one at most; the first are the larger. */
export function shares(total: number, parts: number): readonly number[] {
  const each = Math.floor(total / parts);
  const more = total - each * parts;
  return Array.from({ length: parts }, (_, index) => each + (index < more ? 1 : 0));
}

/**
 * The departments as tenants: each like the shipped tenant of its name, or else like the first, with its share of agents
 * and of the month's budget. Budgets of single agents are left out, because they would exceed a smaller share.
 */
export function tenantsOf(
  { departments, agents, monthly_model_usd: usd }: Answers["scale"],
  shipped: readonly Readonly<Record<string, unknown>>[],
): readonly Record<string, unknown>[] {
  const [agentShares, budgets] = [shares(agents, departments.length), shares(usd, departments.length)];
  return departments.map((id, index) => {
    const { agent_budgets_monthly_usd: _, ...like } = shipped.find((tenant) => tenant["id"] === id) ?? shipped[0] ?? {};
    return {
      ...like,
      id,
      name: like["id"] === id ? like["name"] : id,
      max_agents: Math.min(agentShares[index] ?? 1, 1000),
      max_api_budget_monthly_usd: budgets[index] ?? 0,
    };
  });
}
