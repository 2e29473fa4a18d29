import type { BudgetScope } from "../../budget/index.ts";
import type { RouterSettings } from "../../settings/services.ts";
import { ReplyCache } from "../cache/reply-cache.ts";
import { Candidate } from "../call/candidate.ts";
import { Refusal } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { mayGoTo, type Residency } from "../providers/residency.ts";

type TenantSettings = RouterSettings["tenants"][number];

/** Agents that one process keeps apart for a tenant; far more than any tenant has, and an end for a cell that invents names. */
const MAX_AGENTS = 1000;

/** What the router knows of one tenant, worked out once at start. */
export class Tenant {
  readonly id: string;
  readonly residency: Residency;
  /** In the order in which they are tried. Only what the tenant's data may go to. */
  readonly chain: readonly Candidate[];
  /** `chain` with the cheap model before it. */
  readonly cheapFirst: readonly Candidate[] | undefined;
  readonly cheapUpToBytes: number;
  /** One candidate, or none. */
  readonly inside: readonly Candidate[];
  readonly maxTokens: number;
  readonly allowUnpriced: boolean;
  readonly cache: ReplyCache | undefined;
  readonly #budget: TenantSettings["budget"];
  readonly #limitsKeys: boolean;
  readonly #scopes = new Map<string, readonly BudgetScope[]>();

  constructor(
    settings: TenantSettings,
    providers: ReadonlyMap<string, Provider>,
    { prices, nowMs }: { readonly prices: RouterSettings["prices"]; readonly nowMs: () => number },
  ) {
    const { id, chain, cheap_first: cheap, internal } = settings;
    this.id = id;
    this.residency = residencyOf(settings);
    const possible = (refs: readonly { readonly provider: string; readonly model: string }[]): Candidate[] =>
      refs.flatMap((ref) => {
        const provider = providers.get(ref.provider);
        if (provider === undefined || !mayGoTo(this.residency, provider.place)) return [];
        return [new Candidate(provider, ref.model, prices)];
      });
    this.chain = possible(chain);
    const [cheapest] = cheap === undefined ? [] : possible([cheap]);
    this.cheapFirst = cheapest === undefined ? undefined : [cheapest, ...this.chain];
    this.cheapUpToBytes = cheap?.max_prompt_bytes ?? 0;
    this.inside = internal === undefined ? [] : possible([internal]).filter(({ provider }) => provider.place.internal);
    this.maxTokens = settings.max_tokens_per_request;
    this.allowUnpriced = settings.allow_unpriced;
    const ttlSeconds = settings.cache_ttl_seconds;
    this.cache = ttlSeconds === undefined ? undefined : new ReplyCache({ ttlMs: ttlSeconds * 1000, nowMs });
    this.#budget = settings.budget;
    this.#limitsKeys = Object.keys(settings.budget.keys).length > 0;
  }

  /**
   * The limits that a request counts against: the tenant's, and those of its agent and API key that have one.
   * @throws Refusal `model/unknown` when a cell invents agents without end; `budget/unattributed` when keys of this tenant
   * have limits and nobody proved which key asks: what cannot be counted against its limit is not spent.
   */
  scopesOf(agent: string, key: string | null): readonly BudgetScope[] {
    if (key === null && this.#limitsKeys) throw new Refusal("budget/unattributed");
    const scopes = this.#scopes.get(agent) ?? this.#newAgent(agent);
    const limit = key === null ? undefined : scopeOf("key", this.id, key, this.#budget.keys);
    return limit === undefined ? scopes : [...scopes, limit];
  }

  #newAgent(agent: string): readonly BudgetScope[] {
    if (this.#scopes.size >= MAX_AGENTS) throw new Refusal("model/unknown", "too many different agents");
    const limit = scopeOf("agent", this.id, agent, this.#budget.agents);
    const scopes =
      limit === undefined ? [wholeTenant(this.id, this.#budget)] : [wholeTenant(this.id, this.#budget), limit];
    this.#scopes.set(agent, scopes);
    return scopes;
  }
}

/** Every limit that a tenant's settings name. */
export function budgetScopes({ id, budget }: TenantSettings): readonly BudgetScope[] {
  const named = (kind: "agent" | "key", limits: Readonly<Record<string, number>>): BudgetScope[] =>
    Object.entries(limits).map(([name, limitMicroUsd]) => ({ kind, tenant: id, id: name, limitMicroUsd }));
  return [wholeTenant(id, budget), ...named("agent", budget.agents), ...named("key", budget.keys)];
}

function wholeTenant(tenant: string, { monthly_micro_usd }: TenantSettings["budget"]): BudgetScope {
  return { kind: "tenant", tenant, id: "", limitMicroUsd: monthly_micro_usd };
}

function scopeOf(
  kind: "agent" | "key",
  tenant: string,
  id: string,
  limits: Readonly<Record<string, number>>,
): BudgetScope | undefined {
  const limitMicroUsd = Object.hasOwn(limits, id) ? limits[id] : undefined;
  return limitMicroUsd === undefined ? undefined : { kind, tenant, id, limitMicroUsd };
}

/** What a tenant's settings say of where its data may go. */
export function residencyOf({ data_class, jurisdictions }: TenantSettings): Residency {
  return { dataClass: data_class, jurisdictions: jurisdictions === undefined ? undefined : new Set(jurisdictions) };
}
