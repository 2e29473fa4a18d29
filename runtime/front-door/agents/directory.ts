import { DEFAULT_AGENT } from "../../settings/services.ts";
import type { Database } from "../../state/index.ts";
import type { AgentStore, StoredAgent } from "./store.ts";

/** Which agents there are, without asking the database. */
export interface AgentDirectory {
  /** Whether a tenant has this agent; every tenant has its default one. */
  readonly has: (tenant: string, agent: string) => boolean;
  /** A tenant's agents by id, without the default one. */
  readonly list: (tenant: string) => readonly StoredAgent[];
  /** Reads everything anew. Does not throw: a failure is reported, and what was read last stays. */
  readonly refresh: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface AgentDirectoryOptions {
  readonly database: Database;
  readonly store: Pick<AgentStore, "all">;
  readonly notify: (notice: { readonly level: "warn"; readonly message: string; readonly error: unknown }) => void;
  /** @default 30 000; how often everything is read although no change was announced. */
  readonly intervalMs?: number;
}

const NONE: readonly StoredAgent[] = [];

/**
 * Follows the agents of all tenants: at once when a change is announced, at the latest after `intervalMs`.
 * An agent that was deleted and is still listed here is refused by its cell.
 * @throws whatever the first reading throws.
 */
export async function openAgentDirectory(options: AgentDirectoryOptions): Promise<AgentDirectory> {
  const { database, store, notify, intervalMs = 30_000 } = options;
  let agents: ReadonlyMap<string, readonly StoredAgent[]> = new Map();
  let ids: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  let wanted = 0;
  let reading: Promise<void> | undefined;

  const read = async (): Promise<void> => {
    agents = await store.all();
    ids = new Map([...agents].map(([tenant, list]) => [tenant, new Set(list.map(({ id }) => id))]));
  };
  /** One reading at a time; a change that was announced during one is read by the next. */
  const readAll = async (): Promise<void> => {
    let done: number;
    do {
      done = wanted;
      try {
        await read();
      } catch (error) {
        notify({ level: "warn", message: "the list of agents could not be read; the last one stays", error });
      }
    } while (done !== wanted);
    reading = undefined;
  };
  const refresh = (): Promise<void> => {
    wanted += 1;
    reading ??= readAll();
    return reading;
  };

  const handlers = { onMessage: () => void refresh(), onGap: () => void refresh(), onLost: () => {} };
  const unlisten = await database.listen("agents", handlers);
  try {
    await read();
  } catch (error) {
    await unlisten();
    throw error;
  }
  const timer = setInterval(() => void refresh(), intervalMs).unref();
  return {
    has: (tenant, agent) => agent === DEFAULT_AGENT || ids.get(tenant)?.has(agent) === true,
    list: (tenant) => agents.get(tenant) ?? NONE,
    refresh,
    close: async () => {
      clearInterval(timer);
      await unlisten();
      await reading;
    },
  };
}
