import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export type ServiceName = "front-door" | "router";
export type Decision = "allow" | "deny";

/** Every value that a label may take; anything else is counted as `other`, so that no input can make new series. */
export interface MetricsLabels {
  readonly tenants: readonly string[];
  readonly providers?: readonly string[];
  readonly models?: readonly string[];
  readonly tools?: readonly string[];
}

/** Seconds: from a cached answer to a turn with many tools. */
const RESPONSE_BUCKETS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

const MICRO = 1_000_000;

/** What one service measures, under the names that the source requirements ask for. Never holds content. */
export class ServiceMetrics {
  readonly #registry = new Registry();
  readonly #known: Readonly<Record<"tenant" | "provider" | "model" | "tool", ReadonlySet<string>>>;
  readonly #responseSeconds: Histogram<"tenant" | "outcome">;
  readonly #costUsd: Counter<"tenant" | "provider" | "model">;
  readonly #skills: Counter<"tenant" | "skill" | "outcome">;
  readonly #refused: Counter<"code">;
  readonly #screened: Counter<"tenant" | "rule" | "action">;
  readonly #inFlight: Gauge;
  readonly #exportLag: Gauge<"export">;

  constructor(service: ServiceName, { tenants, providers = [], models = [], tools = [] }: MetricsLabels) {
    const registers = [this.#registry];
    this.#known = {
      tenant: new Set(tenants),
      provider: new Set(providers),
      model: new Set(models),
      tool: new Set(tools),
    };
    this.#registry.setDefaultLabels({ service });
    collectDefaultMetrics({ register: this.#registry });
    this.#responseSeconds = new Histogram({
      name: "openclaw_agent_response_time_seconds",
      help: "From the request to the last byte of the answer.",
      labelNames: ["tenant", "outcome"],
      buckets: RESPONSE_BUCKETS,
      registers,
    });
    this.#costUsd = new Counter({
      name: "openclaw_llm_api_cost_usd",
      help: "Cost of model requests, cumulative.",
      labelNames: ["tenant", "provider", "model"],
      registers,
    });
    this.#skills = new Counter({
      name: "openclaw_skill_execution_total",
      help: "Tool calls of agents, those that were denied included.",
      labelNames: ["tenant", "skill", "outcome"],
      registers,
    });
    this.#refused = new Counter({
      name: "breakwater_refused_requests_total",
      help: "Requests that were not served, by the code that the caller got.",
      labelNames: ["code"],
      registers,
    });
    this.#screened = new Counter({
      name: "breakwater_screening_hits_total",
      help: "Matches of screening rules.",
      labelNames: ["tenant", "rule", "action"],
      registers,
    });
    this.#inFlight = new Gauge({
      name: "breakwater_requests_in_flight",
      help: "Chat requests that are being served.",
      registers,
    });
    this.#exportLag = new Gauge({
      name: "breakwater_audit_export_lag_records",
      help: "Audit records of this replica that an export has not taken yet.",
      labelNames: ["export"],
      registers,
    });
  }

  /** Shows the costs of these models from the start, at 0: Prometheus cannot count the first value that a series shows. */
  costsNothingYet(
    ways: readonly { readonly tenant: string; readonly provider: string; readonly model: string }[],
  ): void {
    for (const { tenant, provider, model } of ways) this.#costUsd.inc({ tenant, provider, model }, 0);
  }

  /** One chat request that ended. `code` is its stable code; the label is only whether that was `ok`. */
  responseTime(tenant: string | null, code: string, seconds: number): void {
    const outcome = code === "ok" ? "ok" : "error";
    this.#responseSeconds.observe({ tenant: this.#bounded("tenant", tenant ?? "none"), outcome }, seconds);
  }

  llmCost(tenant: string, provider: string, model: string, microUsd: number): void {
    this.#costUsd.inc(
      {
        tenant: this.#bounded("tenant", tenant),
        provider: this.#bounded("provider", provider),
        model: this.#bounded("model", model),
      },
      microUsd / MICRO,
    );
  }

  skillExecution(tenant: string, tool: string, decision: Decision): void {
    this.#skills.inc({
      tenant: this.#bounded("tenant", tenant),
      skill: this.#bounded("tool", tool),
      outcome: decision,
    });
  }

  /** `code` comes from a closed table of the service. */
  refused(code: string): void {
    this.#refused.inc({ code });
  }

  /** `rule` and `action` come from the settings. */
  screened(tenant: string, rule: string, action: string): void {
    this.#screened.inc({ tenant: this.#bounded("tenant", tenant), rule, action });
  }

  inFlight(delta: 1 | -1): void {
    this.#inFlight.inc(delta);
  }

  /** `name` comes from the settings. */
  exportLag({ name, records }: { readonly name: string; readonly records: number }): void {
    this.#exportLag.set({ export: name }, records);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #bounded(label: "tenant" | "provider" | "model" | "tool", value: string): string {
    return value === "none" || this.#known[label].has(value) ? value : "other";
  }
}
