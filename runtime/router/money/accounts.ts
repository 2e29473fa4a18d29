import type { Hit } from "../../screening/index.ts";
import type { Attempt } from "../call/attempt.ts";
import type { Candidate } from "../call/candidate.ts";
import type { Shell } from "../shell.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { Trail } from "../trail.ts";

export interface AccountsOptions {
  readonly shell: Shell;
  readonly trail: Trail;
  readonly tenant: Tenant;
  readonly agent: string;
}

const NOTHING = { tokensIn: 0, tokensOut: 0 } as const;

/** Counts what one request used: in its record, in the tenant's usage and in the metrics. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
  }

  /** An attempt that is over, whether it answered or not. */
  attempted({ candidate, money, reader }: Attempt): void {
    const { shell, trail } = this.#options;
    if (reader !== undefined && reader.hits.length > 0) this.screened(reader.hits);
    const charge = money?.charge;
    if (charge === undefined) return;
    trail.charged(charge);
    const { microUsd, tokensIn, tokensOut, month, absurd } = charge;
    // A provider that did nothing was not used.
    if (tokensIn === 0 && tokensOut === 0) return;
    const { agent, tenant } = this.#options;
    const { model } = candidate;
    const { name: provider } = candidate.provider;
    const costMicroUsd = microUsd ?? 0;
    shell.budget.recordUsage({
      tenant: tenant.id,
      agent,
      provider,
      model,
      tokensIn,
      tokensOut,
      costMicroUsd,
      cached: false,
      month,
    });
    shell.metrics.llmCost(tenant.id, provider, model, costMicroUsd);
    if (!absurd) return;
    shell.log.warn({ provider, model, trace_id: trail.traceId }, "impossible usage: the worst case was counted");
  }

  /** An answer that cost nothing. */
  answeredFromCache({ provider, model }: Candidate): void {
    const { shell, trail, tenant, agent } = this.#options;
    trail.cached = true;
    trail.charged({ ...NOTHING, microUsd: 0 });
    const row = { tenant: tenant.id, agent, provider: provider.name, model };
    shell.budget.recordUsage({ ...row, ...NOTHING, costMicroUsd: 0, cached: true });
  }

  screened(hits: readonly Hit[]): void {
    const { trail, shell, tenant } = this.#options;
    trail.screened(hits);
    for (const { rule, action } of hits) shell.metrics.screened(tenant.id, rule, action);
  }
}
