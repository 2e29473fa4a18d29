import type { Queries } from "../state/index.ts";
import { monthEnd } from "./scope.ts";

/** One limit and what became of it. */
export interface UsageOfScope {
  readonly kind: "tenant" | "agent" | "key";
  readonly id: string;
  readonly limit_micro_usd: number;
  /** Settled, and written off. */
  readonly spent_micro_usd: number;
  /** Set aside by the replicas: reserved by running calls, or held ready. */
  readonly reserved_micro_usd: number;
  /** Part of `spent`: leased by replicas that were killed, and not proved unspent. */
  readonly written_off_micro_usd: number;
}

/** What one model was used for by one agent. */
export interface UsageOfModel {
  /** Null: calls of no agent. */
  readonly agent: string | null;
  readonly provider: string;
  readonly model: string;
  readonly requests: number;
  /** Of these, answered from the cache. */
  readonly cached_requests: number;
  readonly tokens_in: number;
  readonly tokens_out: number;
  readonly cost_micro_usd: number;
}

export interface UsageOfTenant {
  readonly tenant: string;
  /** Null when no budget is set or nothing asked for it in this month. */
  readonly budget: Omit<UsageOfScope, "kind" | "id"> | null;
  /** Tighter limits of agents and keys. */
  readonly scopes: readonly UsageOfScope[];
  readonly models: readonly UsageOfModel[];
}

/** Body of `GET /api/usage`. */
export interface UsageReport {
  /** Calendar month in UTC, such as `2026-11`. */
  readonly month: string;
  /** When the budgets are fresh again, ISO 8601. */
  readonly resets_at: string;
  readonly tenants: readonly UsageOfTenant[];
}

type ScopeRow = UsageOfScope & { readonly tenant: string };
type ModelRow = UsageOfModel & { readonly tenant: string };

/**
 * What was spent in a month, as far as the replicas have reported it: within a second or two of now.
 * @throws RangeError when the month is none.
 */
export async function readUsage(
  db: Queries,
  { tenant, month }: { readonly tenant?: string; readonly month?: string },
): Promise<UsageReport> {
  if (month !== undefined && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new RangeError("a month is YYYY-MM");
  const wanted = month ?? (await currentMonth(db));
  const values = [wanted, tenant ?? null];
  const scopes = await db.query<ScopeRow>(
    `SELECT tenant, kind, id, limit_micro_usd, spent_micro_usd, leased_micro_usd AS reserved_micro_usd,
      written_off_micro_usd FROM budget_periods
    WHERE month = $1 AND ($2::text IS NULL OR tenant = $2) ORDER BY tenant, kind, id`,
    values,
  );
  const models = await db.query<ModelRow>(
    `SELECT tenant, nullif(agent, '') AS agent, provider, model, requests, cached_requests, tokens_in, tokens_out,
      cost_micro_usd FROM usage_monthly
    WHERE month = $1 AND ($2::text IS NULL OR tenant = $2) ORDER BY tenant, agent, provider, model`,
    values,
  );
  const tenants = [...new Set([...scopes, ...models].map((row) => row.tenant))].sort();
  return {
    month: wanted,
    resets_at: monthEnd(wanted),
    tenants: tenants.map((name) => ofTenant(name, scopes, models)),
  };
}

function ofTenant(tenant: string, scopes: readonly ScopeRow[], models: readonly ModelRow[]): UsageOfTenant {
  const own = scopes.filter((row) => row.tenant === tenant).map(({ tenant: _, ...scope }) => scope);
  const whole = own.find(({ kind }) => kind === "tenant");
  const { kind: _kind, id: _id, ...budget } = whole ?? { kind: "", id: "" };
  return {
    tenant,
    budget: whole === undefined ? null : (budget as Omit<UsageOfScope, "kind" | "id">),
    scopes: own.filter(({ kind }) => kind !== "tenant"),
    models: models.filter((row) => row.tenant === tenant).map(({ tenant: _, ...model }) => model),
  };
}

async function currentMonth(db: Queries): Promise<string> {
  const text = "SELECT to_char(budget_now() AT TIME ZONE 'UTC', 'YYYY-MM') AS month";
  const [row] = await db.query<{ month: string }>(text);
  if (row === undefined) throw new Error("the database did not say which month it is");
  return row.month;
}
