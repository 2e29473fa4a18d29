import http from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { hashKey, PRINCIPAL_HEADER, PrincipalReader, PrincipalSigner } from "../../../../runtime/identity/index.ts";
import { ServiceMetrics } from "../../../../runtime/metrics/index.ts";
import { buildRouter, type Router } from "../../../../runtime/router/app.ts";
import { parseCellKeys } from "../../../../runtime/router/tenants/cell-keys.ts";
import { Screen } from "../../../../runtime/screening/index.ts";
import { RouterSettings, type ScreeningSettings } from "../../../../runtime/settings/services.ts";
import { MemoryAudit } from "../../../support/providers/memory-audit.ts";
import { MemoryBudget } from "../../../support/providers/memory-budget.ts";
import { ScriptedProvider } from "../../../support/providers/scripted-provider.ts";

/** Micro-USD for a million tokens: 1 micro-USD a token in, 2 a token out, so that costs can be read off. */
const PRICE = { input_micro_usd: 1_000_000, output_micro_usd: 2_000_000, from: "2026-01-01", source: "test" } as const;

/** The models of the tests: one at each provider. */
const MODELS = { openai: "gpt", anthropic: "claude", vllm: "llama", cheap: "small" } as const;

export const COST_OF_USAGE = 10 * 1 + 5 * 2;

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  /** The connection broke before the answer's end. */
  readonly broken: boolean;
}

export interface HarnessOptions {
  readonly tenants?: readonly object[];
  readonly providers?: Readonly<Record<string, object>>;
  /** What a scripted provider is, if not vLLM. */
  readonly kinds?: Readonly<Record<string, string>>;
  readonly screening?: ScreeningSettings;
  readonly settings?: object;
  readonly timeouts?: { connectMs: number; firstByteMs: number; totalMs: number };
}

const PRINCIPAL_SECRET = "p".repeat(43);

/** The header with which the front door proves that a key of a tenant asks. */
export function provedKey(tenant: string, keyId: string): Record<string, string> {
  return { [PRINCIPAL_HEADER]: new PrincipalSigner(PRINCIPAL_SECRET, () => 0).token(tenant, keyId) };
}

/** A router on loopback between a cell (the test) and scripted providers, with its money and its log in memory. */
export class Harness {
  readonly audit = new MemoryAudit();
  readonly budget = new MemoryBudget();
  readonly providers: Readonly<Record<"first" | "second" | "cheap" | "inside", ScriptedProvider>>;
  readonly settings: RouterSettings;
  readonly metrics: ServiceMetrics;
  nowMs = (): number => performance.now();
  epochMs = Date.parse("2026-11-23T12:00:00Z");
  readonly #router: Router;

  private constructor(providers: Harness["providers"], options: HarnessOptions) {
    this.providers = providers;
    this.settings = settingsOf(providers, options);
    const ids = this.settings.tenants.map(({ id }) => id);
    this.metrics = new ServiceMetrics("router", { tenants: ids, providers: Object.keys(providers) });
    const keys = Object.fromEntries([...ids, "gone"].map((id) => [id, hashKey(`key-${id}`)]));
    const cellKeys = parseCellKeys(JSON.stringify(keys), "keys");
    this.#router = buildRouter(this.settings, {
      cellKeys: () => cellKeys,
      principals: new PrincipalReader(PRINCIPAL_SECRET, () => 0),
      providerKey: (name) => `secret-of-${name}`,
      audit: this.audit,
      budget: this.budget,
      screen: Screen.compile(options.screening ?? { rules: [] }),
      metrics: this.metrics,
      now: () => new Date(this.epochMs),
      nowMs: () => this.nowMs(),
      timeouts: options.timeouts ?? { connectMs: 1000, firstByteMs: 3000, totalMs: 10_000 },
      logLevel: "silent",
    });
  }

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const [first, second, cheap, inside] = await Promise.all([
      ScriptedProvider.start(),
      ScriptedProvider.start(),
      ScriptedProvider.start(),
      ScriptedProvider.start(),
    ]);
    const harness = new Harness({ first, second, cheap, inside }, options);
    await harness.#router.app.listen({ port: 0, host: "127.0.0.1" });
    return harness;
  }

  get port(): number {
    return (this.#router.app.server.address() as AddressInfo).port;
  }

  get app(): Router["app"] {
    return this.#router.app;
  }

  reset(): void {
    this.audit.reset();
    this.budget.reset();
    for (const provider of Object.values(this.providers)) provider.reset();
  }

  /** Sends what a cell sends and waits for the end. */
  post(payload: object | string | Buffer, key = "key-t", headers: Record<string, string> = {}): Promise<Reply> {
    return new Promise((resolve) => {
      const request = this.open(payload, key, headers);
      let status = 0;
      request.on("error", () => resolve({ status, headers: {}, body: "", broken: true }));
      request.on("response", (response) => {
        const chunks: Buffer[] = [];
        status = response.statusCode ?? 0;
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        const end = (broken: boolean) => (): void =>
          resolve({ status, headers: response.headers, body: Buffer.concat(chunks).toString("utf8"), broken });
        response.on("end", end(false));
        response.on("error", end(true));
      });
    });
  }

  open(payload: object | string | Buffer, key = "key-t", headers: Record<string, string> = {}): http.ClientRequest {
    const body = typeof payload === "string" || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload);
    const request = http.request({
      port: this.port,
      method: "POST",
      path: "/v1/chat/completions",
      agent: false,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    });
    request.end(body);
    return request;
  }

  async close(): Promise<void> {
    for (const provider of Object.values(this.providers)) await provider.close();
    await this.#router.close();
  }
}

export function codeOf({ body }: Reply): string | undefined {
  return JSON.parse(body).error?.code;
}

export function chat(extra: object = {}): object {
  return { model: "tenant-default", messages: [{ role: "user", content: "hi" }], ...extra };
}

function settingsOf(providers: Harness["providers"], options: HarnessOptions): RouterSettings {
  const { tenants = [{}], settings = {}, kinds = {} } = options;
  const kind = (name: string): string => kinds[name] ?? "vllm";
  return RouterSettings.parse({
    listen: { port: 8080 },
    max_body_bytes: 200_000,
    tenant_keys_file: "/run/tenant-keys.json",
    principal_secret_file: "/run/principal-secret",
    database: { kind: "pglite" },
    audit: { directory: "/run/audit", signing_key_file: "/run/key.pem" },
    retries: { per_provider: 0 },
    tenants: tenants.map((tenant) => ({
      id: "t",
      chain: [
        { provider: "first", model: MODELS.openai },
        { provider: "second", model: MODELS.vllm },
      ],
      max_tokens_per_request: 100,
      budget: { monthly_micro_usd: 1_000_000_000 },
      ...tenant,
    })),
    providers: {
      first: { kind: kind("first"), base_url: providers.first.baseUrl, jurisdiction: "us", internal: false },
      second: { kind: kind("second"), base_url: providers.second.baseUrl, jurisdiction: "eu", internal: false },
      cheap: { kind: kind("cheap"), base_url: providers.cheap.baseUrl, jurisdiction: "us", internal: false },
      inside: { kind: kind("inside"), base_url: providers.inside.baseUrl, jurisdiction: "kr", internal: true },
      ...options.providers,
    },
    prices: Object.values(MODELS).flatMap((model) =>
      (["vllm", "anthropic", "openai", "openai-compatible"] as const).map((kind) => ({ kind, model, ...PRICE })),
    ),
    ...settings,
  });
}
