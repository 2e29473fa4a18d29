import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { FastifyBaseLogger } from "fastify";
import { openAuditLog } from "../audit/index.ts";
import { Budget } from "../budget/index.ts";
import { listenForOperations } from "../http/index.ts";
import { type LiveFile, openLiveFile, PrincipalReader } from "../identity/index.ts";
import { ServiceMetrics } from "../metrics/index.ts";
import { Screen } from "../screening/index.ts";
import { noticedChanges } from "../service/live-files.ts";
import type { RunningService } from "../service/run-service.ts";
import { parseSecret, readKeySecret } from "../service/settings-file.ts";
import { startTogether } from "../service/start-together.ts";
import type { RouterSettings } from "../settings/services.ts";
import { skillNames } from "../settings/skills.ts";
import { type Database, openDatabase, requireSchema } from "../state/index.ts";
import { buildRouter } from "./app.ts";
import { parseCellKeys } from "./cell-keys.ts";
import { checkSettings } from "./check-settings.ts";
import { Readiness } from "./readiness.ts";
import { budgetScopes } from "./tenant.ts";

/** Tools of OpenClaw 2026.9.6 that have a series of their own in the metrics, beside the skills. */
const TOOLS = ["exec", "process", "read", "write", "edit", "apply_patch", "web_search", "web_fetch", "memory_search"];

export interface StartOptions {
  /** True from the signal to stop on: not ready, still serving. */
  readonly draining: () => boolean;
  /** A database that the caller opened, migrates and closes; without it the settings' own is opened. */
  readonly database?: Database;
  /** Names this replica: the same after a restart, unlike every other. @default the host's name */
  readonly replica?: string;
}

type Closer = () => unknown;

/** Reads secrets, opens everything, then listens. @throws ProblemError with everything that stands in the way. */
export async function startRouter(settings: RouterSettings, options: StartOptions): Promise<RunningService> {
  const closers: Closer[] = [];
  try {
    return await start(settings, options, closers);
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

async function start(settings: RouterSettings, options: StartOptions, closers: Closer[]): Promise<RunningService> {
  const logs = new LateLog();
  const { notify } = logs;
  const now = (): Date => new Date();
  const nowMs = (): number => performance.now();
  const { cellKeys, principalSecret, providerKeys, screen } = startTogether({
    settings: () => checkSettings(settings),
    cellKeys: () => openLiveFile({ path: settings.tenant_keys_file, parse: parseCellKeys, ...logs.changes }),
    principalSecret: () => readKeySecret(settings.principal_secret_file),
    providerKeys: () => openProviderKeys(settings, logs),
    screen: () => Screen.compile(settings.screening),
  });
  closers.push(
    () => cellKeys.close(),
    () => providerKeys.forEach((file) => void file.close()),
  );
  const metrics = metricsOf(settings);
  const audit = await openAuditLog(settings.audit, {
    writer: options.replica ?? hostname(),
    now,
    notify,
    onLag: (lag) => metrics.exportLag(lag),
  });
  closers.push(() => audit.close());
  const database = options.database ?? (await openDatabase(settings.database, { notify }));
  if (options.database === undefined) closers.push(() => database.close());
  await requireSchema(database);
  const budget = await openBudget(settings, database, logs);
  closers.push(() => budget.close());
  const router = buildRouter(settings, {
    cellKeys: cellKeys.current,
    principals: new PrincipalReader(principalSecret, Date.now),
    providerKey: (provider) => providerKeys.get(provider)?.current(),
    ...{ audit, budget, screen, metrics, now, nowMs },
    logLevel: "info",
  });
  logs.log = router.app.log;
  const readiness = new Readiness({ draining: options.draining, audit, database, nowMs });
  const { host, port } = settings.listen;
  const ready = (): Promise<boolean> => readiness.check();
  const operations = await listenForOperations({ host, port: port + 1 }, { ready, metrics });
  closers.push(
    () => operations.close(),
    () => router.close(),
  );
  await router.app.listen({ host, port });
  return { log: router.app.log, stop: () => closeAll(closers) };
}

/** In reverse order: what was opened last needs what was opened before. */
async function closeAll(closers: Closer[]): Promise<void> {
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close();
}

function openProviderKeys({ providers }: RouterSettings, { changes }: LateLog): ReadonlyMap<string, LiveFile<string>> {
  const files = Object.entries(providers).flatMap(([name, { api_key_file: path }]) =>
    path === undefined ? [] : [[name, () => openLiveFile({ path, parse: parseSecret, ...changes })] as const],
  );
  return new Map(Object.entries(startTogether(Object.fromEntries(files))));
}

function openBudget({ tenants }: RouterSettings, db: Database, { notify, alert }: LateLog): Promise<Budget> {
  const percents = new Map(tenants.map(({ id, budget }) => [id, budget.alert_percents]));
  return Budget.open({
    db,
    scopes: tenants.flatMap(budgetScopes),
    alertPercents: (tenant) => percents.get(tenant) ?? [],
    onAlert: ({ scope, percent, spentMicroUsd, limitMicroUsd, month }) => {
      const { kind, tenant, id } = scope;
      alert({ kind, tenant, id, percent, spentMicroUsd, limitMicroUsd, month });
    },
    notify,
  });
}

function metricsOf({ tenants, providers }: RouterSettings): ServiceMetrics {
  const refs = tenants.flatMap(({ chain, cheap_first: cheap, internal }) => [...chain, cheap, internal]);
  return new ServiceMetrics("router", {
    tenants: tenants.map(({ id }) => id),
    providers: Object.keys(providers),
    models: [...new Set(refs.flatMap((ref) => (ref === undefined ? [] : [ref.model])))],
    tools: [...skillNames, ...TOOLS],
  });
}

/** The service's log, which is there only when the service is built; until then notices go to standard error. */
class LateLog {
  log: FastifyBaseLogger | undefined;

  readonly changes = noticedChanges((notice) => this.notify(notice));

  readonly notify = (notice: {
    readonly level: "info" | "warn" | "error";
    readonly message: string;
    readonly error?: unknown;
  }): void => {
    const { level, message, error } = notice;
    if (this.log !== undefined) this.log[level]({ err: error }, message);
    else process.stderr.write(`${level}: ${message}${error === undefined ? "" : ` ${String(error)}`}\n`);
  };

  /** For whoever watches the log: a share of a budget is used up. */
  readonly alert = (facts: Readonly<Record<string, string | number>>): void => {
    this.log?.warn({ code: "budget/alert", ...facts }, "a share of a budget is used up");
  };
}
