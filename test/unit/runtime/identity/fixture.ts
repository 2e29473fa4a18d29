import {
  type ChannelHandlers,
  type Database,
  migrate,
  openDatabase,
  type Queries,
} from "../../../../runtime/state/index.ts";

/** A database that can be cut off, and whose notifications can be lost, as seen by one replica. */
export class FaultyDatabase implements Database {
  reachable = true;
  deaf = false;
  /** Runs after each query that was answered, before its caller goes on. */
  afterQuery: (text: string) => Promise<void> = async () => {};
  readonly #real: Database;
  readonly #handlers = new Set<ChannelHandlers>();

  constructor(real: Database) {
    this.#real = real;
  }

  async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    this.#reach();
    const rows = await this.#real.query<Row>(text, values);
    await this.afterQuery(text);
    return rows;
  }

  async transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    this.#reach();
    return this.#real.transaction(work);
  }

  async listen(channel: string, handlers: ChannelHandlers): Promise<() => Promise<void>> {
    this.#handlers.add(handlers);
    return this.#real.listen(channel, {
      ...handlers,
      onMessage: (payload) => {
        if (!this.deaf) handlers.onMessage(payload);
      },
    });
  }

  /** What a real connection says when it breaks and when it is back. */
  lose(): void {
    this.deaf = true;
    for (const { onLost } of this.#handlers) onLost();
  }

  find(): void {
    this.deaf = false;
    for (const { onGap } of this.#handlers) onGap();
  }

  healthy(): Promise<boolean> {
    return this.#real.healthy();
  }

  close(): Promise<void> {
    return this.#real.close();
  }

  #reach(): void {
    if (!this.reachable) throw new Error("connection refused");
  }
}

/** How long {@link openState} may take: a second, or many on a machine on which every core is busy. */
export const STARTING_MS = 90_000;

/** An empty database with the schema of this version, in this process. */
export async function openState(): Promise<Database> {
  const database = await openDatabase({ kind: "pglite" });
  await migrate(database);
  return database;
}

/** Removes what a test wrote, so that the next one starts with an empty database without starting one. */
export async function emptyState(database: Queries): Promise<void> {
  for (const table of ["api_keys", "key_revocations", "replicas", "agents"])
    await database.query(`delete from ${table}`);
}

/** A monotonic clock that stands until it is moved; waiting moves it. */
export class TestClock {
  ms = 1_000_000;
  readonly nowMs = (): number => this.ms;
  readonly sleep = async (ms: number): Promise<void> => {
    this.ms += ms;
    await new Promise((resolve) => setImmediate(resolve));
  };
}
