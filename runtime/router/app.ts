import Fastify, { type FastifyInstance, type FastifyReply, LogController } from "fastify";
import type { AuditLog } from "../audit/index.ts";
import { hotServer } from "../http/index.ts";
import type { PrincipalReader } from "../identity/index.ts";
import type { ServiceMetrics } from "../metrics/index.ts";
import type { RouterSettings } from "../settings/services.ts";
import type { ClientTls, ServerTls } from "../transport/tls.ts";
import { Exchange } from "./call/exchange.ts";
import { RetryBudget } from "./call/retry-budget.ts";
import { TENANT_MODEL } from "./chat/request.ts";
import { registerToolCalls } from "./chat/tool-calls.ts";
import { errorBody, errorHeaders, Refusal, toRefusal } from "./errors.ts";
import { Provider, type Timeouts } from "./providers/provider.ts";
import { Load, type Shell } from "./shell.ts";
import type { CellKeys } from "./tenants/cell-keys.ts";
import { Tenant } from "./tenants/tenant.ts";

/** What the router reads from the world; tests pass their own. */
export interface RouterDeps {
  readonly cellKeys: () => CellKeys;
  /** Who asks through a cell. */
  readonly principals: PrincipalReader;
  /** The key of a provider right now; undefined: it asks for none. */
  readonly providerKey: (provider: string) => string | undefined;
  readonly audit: Pick<AuditLog, "append" | "appendThen" | "healthy">;
  readonly budget: Shell["budget"];
  readonly screen: Shell["screen"];
  readonly metrics: ServiceMetrics;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** @default what the settings say */
  readonly timeouts?: Timeouts;
  /** @default plain HTTP */
  readonly transport?: { readonly server: ServerTls; readonly client: ClientTls };
  readonly logLevel: "info" | "silent";
}

/** A router that can listen. */
export interface Router {
  readonly app: FastifyInstance;
  /** Waits for running requests, then for the connections to the providers. */
  readonly close: () => Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5000;
/** Bodies under way, in whole: room for a hundred usual turns of OpenClaw and for a few of the largest. */
const MIN_LOAD_BYTES = 67_108_864;
const LARGEST_AT_ONCE = 4;
/** An upload of the largest body over a slow network. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The model router as one list. Its hot route does without Fastify. */
export function buildRouter(settings: RouterSettings, deps: RouterDeps): Router {
  const timeouts = deps.timeouts ?? {
    connectMs: CONNECT_TIMEOUT_MS,
    firstByteMs: settings.first_byte_timeout_seconds * 1000,
    totalMs: settings.upstream_timeout_seconds * 1000,
  };
  const providers = openProviders(settings, deps, timeouts);
  const { prices, max_body_bytes: maxBodyBytes, retries } = settings;
  const made = { prices, nowMs: deps.nowMs };
  let shell: Shell | undefined;
  const app = Fastify({
    logger: { level: deps.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: maxBodyBytes,
    exposeHeadRoutes: false,
    forceCloseConnections: "idle",
    onProtoPoisoning: "remove",
    onConstructorPoisoning: "ignore",
    serverFactory: hotServer({
      hot: new Map([
        [
          "POST /v1/chat/completions",
          (request, response) => {
            if (shell !== undefined) new Exchange(shell, request, response).start();
          },
        ],
      ]),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      ...(deps.transport === undefined ? {} : { tls: deps.transport.server }),
    }),
    frameworkErrors: (error, _request, reply) => answer(toRefusal(error), reply),
  });
  shell = {
    cellKeys: deps.cellKeys,
    principals: deps.principals,
    tenants: new Map(settings.tenants.map((tenant) => [tenant.id, new Tenant(tenant, providers, made)])),
    audit: deps.audit,
    keepsContent: settings.audit.include_content,
    budget: deps.budget,
    screen: deps.screen,
    metrics: deps.metrics,
    retryBudget: new RetryBudget(retries.percent),
    repeatsPerProvider: retries.per_provider,
    timeouts,
    maxBodyBytes,
    load: new Load(Math.max(MIN_LOAD_BYTES, LARGEST_AT_ONCE * maxBodyBytes)),
    log: app.log,
    now: deps.now,
    nowMs: deps.nowMs,
  };
  app.removeContentTypeParser("text/plain");
  app.setNotFoundHandler(() => {
    throw new Refusal("route/unknown");
  });
  app.setErrorHandler((error, request, reply) => {
    const problem = toRefusal(error);
    if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem, code: problem.code }, "failed");
    answer(problem, reply);
  });
  registerModels(app, deps);
  registerToolCalls(app, deps);
  return {
    app,
    close: async () => {
      await app.close();
      await Promise.all([...providers.values()].map((provider) => provider.close()));
    },
  };
}

function openProviders(
  settings: RouterSettings,
  { providerKey, nowMs, transport }: RouterDeps,
  timeouts: Timeouts,
): ReadonlyMap<string, Provider> {
  return new Map(
    Object.entries(settings.providers).map(([name, provider]) => {
      const key = (): string | undefined => providerKey(name);
      const trust = transport === undefined ? {} : { trust: transport.client };
      return [name, new Provider(name, provider, { timeouts, breaker: settings.breaker, key, nowMs, ...trust })];
    }),
  );
}

/** `GET /v1/models`: what a cell can ask for; agents have models of their own names, which only the cell knows. */
function registerModels(app: FastifyInstance, { cellKeys }: RouterDeps): void {
  app.get("/v1/models", (request) => {
    cellKeys().tenantOf(request.headers.authorization);
    return { object: "list", data: [{ id: TENANT_MODEL, object: "model", created: 0, owned_by: "breakwater" }] };
  });
}

function answer(problem: Refusal, reply: FastifyReply): void {
  reply.code(problem.status).headers(errorHeaders(problem)).send(errorBody(problem));
}
