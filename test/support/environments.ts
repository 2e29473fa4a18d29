import fc from "fast-check";
import { skillNames } from "../../runtime/settings/skills.ts";
import { localSections, type Sections } from "./plan.ts";

/** A tenant as an environment writes it. */
export interface TenantEntry {
  readonly id: string;
  readonly name: string;
  readonly max_agents: number;
  readonly max_api_budget_monthly_usd: number;
  readonly allowed_skills: readonly string[];
  readonly blocked_skills: readonly string[];
  readonly data_retention_days: number;
  readonly llm_config: { readonly provider: string; readonly model: string; readonly max_tokens_per_request: number };
}

/** A namespace has at most 63 characters and is `tenant-<id>`. */
export const LONGEST_ID = 56;

/** Ids that look like our own names beside any others, up to the longest. */
const tenantId = fc.oneof(
  fc.constantFrom("router", "front-door", "echo-model", "breakwater", "agents", "cell", "sandbox", "a", "a-cell", "0"),
  fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,54}[a-z0-9]$/),
  fc.stringMatching(/^[a-z0-9]{56}$/),
);

const skills = fc
  .uniqueArray(fc.constantFrom(...skillNames))
  .chain((all) => fc.nat(all.length).map((at) => ({ allowed: all.slice(0, at), blocked: all.slice(at) })));

/** One tenant of any id, skills, budget and model. */
export const tenantEntry: fc.Arbitrary<TenantEntry> = fc
  .record({
    id: tenantId,
    name: fc.string({ minLength: 1, maxLength: 40, unit: "grapheme" }).filter((name) => !name.includes("${")),
    agents: fc.integer({ min: 1, max: 1000 }),
    microUsd: fc.integer({ min: 0, max: 5_000_000_000 }),
    skills,
    everything: fc.boolean(),
    days: fc.integer({ min: 1, max: 3650 }),
    provider: fc.constantFrom("openai", "anthropic"),
    tokens: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ id, name, agents, microUsd, skills: { allowed, blocked }, everything, days, provider, tokens }) => ({
    id,
    name,
    max_agents: agents,
    max_api_budget_monthly_usd: microUsd / 1_000_000,
    allowed_skills: everything ? ["*"] : allowed,
    blocked_skills: blocked,
    data_retention_days: days,
    llm_config: { provider, model: "a-model", max_tokens_per_request: tokens },
  }));

/** One to three tenants of different ids. */
export const tenantEntries: fc.Arbitrary<readonly TenantEntry[]> = fc.uniqueArray(tenantEntry, {
  selector: ({ id }) => id,
  minLength: 1,
  maxLength: 3,
});

/** The shipped environment with other tenants. */
export function withTenants(tenants: readonly TenantEntry[]): Sections {
  const local = localSections();
  return { ...local, multi_tenant: { ...(local["multi_tenant"] as object), tenants } };
}

/** A tenant of that id, the rest plain. */
export function plainTenant(id: string): TenantEntry {
  return {
    id,
    name: id,
    max_agents: 1,
    max_api_budget_monthly_usd: 1,
    allowed_skills: [],
    blocked_skills: [],
    data_retention_days: 30,
    llm_config: { provider: "openai", model: "a-model", max_tokens_per_request: 100 },
  };
}

/** The shipped environment with a model behind an address of its own and a key. */
export function withOutsideModel(baseUrl: string): Sections {
  const sections = localSections();
  const provider = {
    kind: "openai-compatible",
    base_url: baseUrl,
    api_key: "${OPENAI_API_KEY}",
    jurisdiction: "us",
    internal: false,
  };
  return {
    ...sections,
    model_providers: { openai: provider, anthropic: { kind: "echo" } },
    model_router: { prices: ["gpt-5.2", "gpt-5-mini"].map(contractOf) },
  };
}

/** A price of a contract for a server that no price book knows. */
function contractOf(model: string): unknown {
  return { kind: "openai-compatible", model, input_usd: 1, output_usd: 2, from: "2026-01-01", source: "a contract" };
}

/** The same data with the keys of every object in another order, and lists as they are. */
export function shuffled(value: unknown, seed: number): unknown {
  if (Array.isArray(value)) return value.map((item) => shuffled(item, seed));
  if (typeof value !== "object" || value === null) return value;
  const rank = (text: string) =>
    [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 9973, seed);
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b));
  return Object.fromEntries(entries.map(([key, item]) => [key, shuffled(item, seed)]));
}
