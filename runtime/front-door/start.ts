import { createSecretKey } from "node:crypto";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import { openAuditLog } from "../audit/index.ts";
import { watchBudgets } from "../budget/index.ts";
import { listenForOperations } from "../http/index.ts";
import {
  KeyStore,
  type LiveFile,
  type LiveFileOptions,
  openKeyring,
  openLiveFile,
  PrincipalSigner,
  parseKeysFile,
} from "../identity/index.ts";
import { ServiceMetrics } from "../metrics/index.ts";
import { Screen } from "../screening/index.ts";
import { LateLog } from "../service/late-log.ts";
import { noticedChanges } from "../service/live-files.ts";
import { type Opened, startWith } from "../service/opened.ts";
import type { RunningService } from "../service/run-service.ts";
import { parseSecret, readKeySecret } from "../service/settings-file.ts";
import { startTogether } from "../service/start-together.ts";
import type { FrontDoorSettings } from "../settings/services.ts";
import { type Database, migrate, openDatabase } from "../state/index.ts";
import { type ClientTls, clientTls } from "../transport/tls.ts";
import { requireShares } from "./access/limit-shares.ts";
import { openCellAgents } from "./agents/cell-agents.ts";
import { openAgentDirectory } from "./agents/directory.ts";
import { AgentStore } from "./agents/store.ts";
import { AgentSync } from "./agents/sync.ts";
import { buildApp, isReady } from "./app.ts";
import { openCells } from "./chat/upstream.ts";

export interface StartOptions {
  /** True from the signal to stop on: not ready, still serving. */
  readonly draining: () => boolean;
  /** A database that the caller opened and closes; without it the settings' own is opened. */
  readonly database?: Database;
  /** Names this replica: the same after a restart, unlike every other. @default the host's name */
  readonly replica?: string;
}

/** Reads secrets, opens everything, then listens. @throws ProblemError with everything that stands in the way. */
export function startFrontDoor(settings: FrontDoorSettings, options: StartOptions): Promise<RunningService> {
  return startWith((open) => start(settings, options, open));
}

async function start(settings: FrontDoorSettings, options: StartOptions, open: Opened): Promise<RunningService> {
  const { draining, replica = hostname() } = options;
  const clock = { now: () => new Date(), nowMs: () => performance.now() };
  const logs = new LateLog();
  const { notify } = logs;
  const { sessionKey, principalSecret, keyFile, tokens, screen, tls } = startTogether({
    shares: () => requireShares(settings),
    sessionKey: () => createSecretKey(Buffer.from(readKeySecret(settings.session_secret_file), "utf8")),
    principalSecret: () => readKeySecret(settings.principal_secret_file),
    keyFile: () => follow({ path: settings.api_keys_file, parse: parseKeysFile }, logs, open),
    tokens: () => openTokens(settings, logs, open),
    screen: () => Screen.compile(settings.screening),
    tls: () => (settings.trust === undefined ? undefined : clientTls(settings.trust)),
  });
  const tokenOf = (tenant: string): string => tokens.get(tenant)?.current() ?? "";

  const metrics = new ServiceMetrics("front-door", { tenants: settings.tenants.map(({ id }) => id) });
  const onLag = (lag: Parameters<ServiceMetrics["exportLag"]>[0]): void => metrics.exportLag(lag);
  const audit = await openAuditLog(settings.audit, { writer: replica, now: clock.now, notify, onLag });
  open.add(audit, (log) => log.close());
  const database = options.database ?? open.add(await openDatabase(settings.database, { notify }), (db) => db.close());
  await migrate(database);
  const { roles } = settings;
  const keyring = await openKeyring({ database, file: keyFile, roles, replica, nowMs: clock.nowMs, notify });
  open.add(keyring, (keys) => keys.close());
  const agents = await openAgents(settings, database, tokenOf, tls, open, { now: clock.now, notify });
  const budgets = open.add(await watchBudgets(database, { ...clock, notify }), (watch) => watch.close());
  const cells = open.add(openCells(settings, tokenOf, tls), (all) => all.close());
  const keys = new KeyStore({ database, keyring, roles, ...clock });
  const principals = new PrincipalSigner(principalSecret, Date.now);
  const deps = {
    sessionKey,
    principals,
    cells,
    agents,
    budgets,
    audit,
    metrics,
    keys,
    database,
    screen,
    draining,
    ...clock,
  };
  const ready = { draining, audit, keysFresh: keyring.fresh };
  const app = buildApp(settings, { ...deps, ...ready, keyring: keyring.current, logLevel: "info" });
  logs.log = app.log;
  const { host, port } = settings.listen;
  const operations = await listenForOperations({ host, port: port + 1 }, { ready: () => isReady(ready), metrics });
  open.add(operations, (server) => server.close());
  open.add(app, (server) => server.close());
  await app.listen({ host, port });
  return { log: app.log, stop: () => open.close() };
}

async function openAgents(
  { tenants }: FrontDoorSettings,
  database: Database,
  tokenOf: (tenant: string) => string,
  tls: ClientTls | undefined,
  open: Opened,
  { now, notify }: { readonly now: () => Date; readonly notify: LateLog["notify"] },
): Promise<Parameters<typeof buildApp>[1]["agents"]> {
  const store = new AgentStore(database, now);
  const directory = open.add(await openAgentDirectory({ database, store, notify }), (list) => list.close());
  const cells = openCellAgents(
    tenants.map(({ id, cell }) => ({ id, agent_url: cell.agent_url })),
    tokenOf,
    tls,
  );
  const sync = new AgentSync({ tenants: tenants.map(({ id }) => id), store, cells, notify });
  sync.start();
  open.add(sync, (running) => running.close());
  return { store, directory, sync };
}

function openTokens(
  { tenants }: FrontDoorSettings,
  logs: LateLog,
  open: Opened,
): ReadonlyMap<string, LiveFile<string>> {
  const files = tenants.map(
    ({ id, cell: { gateway_token_file: path } }) =>
      [id, () => follow({ path, parse: parseSecret }, logs, open)] as const,
  );
  return new Map(Object.entries(startTogether(Object.fromEntries(files))));
}

function follow<T>(file: Pick<LiveFileOptions<T>, "path" | "parse">, { notify }: LateLog, open: Opened): LiveFile<T> {
  return open.add(openLiveFile({ ...file, ...noticedChanges(notify) }), ({ close }) => close());
}
