import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { openAuditLog } from "../audit/index.ts";
import { Budget } from "../budget/index.ts";
import { listenForOperations } from "../http/index.ts";
import { type LiveFile, openLiveFile, PrincipalReader } from "../identity/index.ts";
import { ServiceMetrics } from "../metrics/index.ts";
import { Screen } from "../screening/index.ts";
import { LateLog } from "../service/late-log.ts";
import { noticedChanges } from "../service/live-files.ts";
import { type Opened, startWith } from "../service/opened.ts";
import type { RunningService } from "../service/run-service.ts";
import { parseSecret, readKeySecret } from "../service/settings-file.ts";
import { startTogether } from "../service/start-together.ts";
import type { RouterSettings } from "../settings/services.ts";
import { skillNames } from "../settings/skills.ts";
import { type Database, openDatabase, requireSchema } from "../state/index.ts";
import { clientTls, serverTls } from "../transport/tls.ts";
import { buildRouter, type RouterDeps } from "./app.ts";
import { checkSettings } from "./check-settings.ts";
import { Readiness } from "./readiness.ts";
import { parseCellKeys } from "./tenants/cell-keys.ts";
import { budgetScopes } from "./tenants/tenant.ts";

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

/** Reads secrets, opens everything, then listens. @throws ProblemError with everything that stands in the way. */
export function startRouter(settings: RouterSettings, options: StartOptions): Promise<RunningService> {
  return startWith((open) => start(settings, options, open));
}

async function start(settings: RouterSettings, options: StartOptions, open: Opened): Promise<RunningService> {
  const logs = new LateLog();
  const { notify } = logs;
  const changes = noticedChanges(notify);
  const now = (): Date => new Date();
  const nowMs = (): number => performance.now();
  const { cellKeys, principalSecret, providerKeys, screen, transport } = startTogether({
    settings: () => checkSettings(settings),
    cellKeys: () =>
      open.add(openLiveFile({ path: settings.tenant_keys_file, parse: parseCellKeys, ...changes }), closed),
    principalSecret: () => readKeySecret(settings.principal_secret_file),
    providerKeys: () => openProviderKeys(settings, (file) => open.add(openLiveFile({ ...file, ...changes }), closed)),
    screen: () => Screen.compile(settings.screening),
    transport: () => transportOf(settings),
  });
  const metrics = metricsOf(settings);
  const audit = await openAuditLog(settings.audit, {
    writer: options.replica ?? hostname(),
    now,
    notify,
    onLag: (lag) => metrics.exportLag(lag),
  });
  open.add(audit, (log) => log.close());
  const database = options.database ?? open.add(await openDatabase(settings.database, { notify }), (db) => db.close());
  await requireSchema(database);
  const budget = open.add(await openBudget(settings, database, logs), (all) => all.close());
  const router = buildRouter(settings, {
    cellKeys: cellKeys.current,
    principals: new PrincipalReader(principalSecret, Date.now),
    providerKey: (provider) => providerKeys.get(provider)?.current(),
    ...{ audit, budget, screen, metrics, now, nowMs },
    ...(transport === undefined ? {} : { transport }),
    logLevel: "info",
  });
  logs.log = router.app.log;
  const readiness = new Readiness({ draining: options.draining, audit, database, nowMs });
  const { host, port } = settings.listen;
  const ready = (): Promise<boolean> => readiness.check();
  const operations = await listenForOperations({ host, port: port + 1 }, { ready, metrics });
  open.add(operations, (server) => server.close());
  open.add(router, (service) => service.close());
  await router.app.listen({ host, port });
  return { log: router.app.log, stop: () => open.close() };
}

function transportOf({ transport }: RouterSettings): RouterDeps["transport"] | undefined {
  return transport === undefined ? undefined : { server: serverTls(transport), client: clientTls(transport) };
}

function closed({ close }: LiveFile<unknown>): unknown {
  return close();
}

function openProviderKeys(
  { providers }: RouterSettings,
  follow: (file: { readonly path: string; readonly parse: typeof parseSecret }) => LiveFile<string>,
): ReadonlyMap<string, LiveFile<string>> {
  const files = Object.entries(providers).flatMap(([name, { api_key_file: path }]) =>
    path === undefined ? [] : [[name, () => follow({ path, parse: parseSecret })] as const],
  );
  return new Map(Object.entries(startTogether(Object.fromEntries(files))));
}

function openBudget({ tenants }: RouterSettings, db: Database, logs: LateLog): Promise<Budget> {
  const percents = new Map(tenants.map(({ id, budget }) => [id, budget.alert_percents]));
  return Budget.open({
    db,
    scopes: tenants.flatMap(budgetScopes),
    alertPercents: (tenant) => percents.get(tenant) ?? [],
    onAlert: ({ scope, percent, spentMicroUsd, limitMicroUsd, month }) => {
      const { kind, tenant, id } = scope;
      const facts = { kind, tenant, id, percent, spentMicroUsd, limitMicroUsd, month };
      // For whoever watches the log.
      logs.log?.warn({ code: "budget/alert", ...facts }, "a share of a budget is used up");
    },
    notify: logs.notify,
  });
}

function metricsOf({ tenants, providers }: RouterSettings): ServiceMetrics {
  const ways = tenants.flatMap(({ id: tenant, chain, cheap_first: cheap, internal }) =>
    [...chain, cheap, internal].flatMap((ref) =>
      ref === undefined ? [] : [{ tenant, provider: ref.provider, model: ref.model }],
    ),
  );
  const metrics = new ServiceMetrics("router", {
    tenants: tenants.map(({ id }) => id),
    providers: Object.keys(providers),
    models: [...new Set(ways.map(({ model }) => model))],
    tools: [...skillNames, ...TOOLS],
  });
  metrics.costsNothingYet(ways);
  return metrics;
}
