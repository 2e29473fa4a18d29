import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PGlite, Transaction } from "@electric-sql/pglite";
import { refuse } from "../problems/index.ts";
import type { DatabaseSettings } from "../settings/services.ts";
import { type ChannelHandlers, checkedChannel, type Database, type Queries, safeInteger } from "./database.ts";

type PgliteSettings = Extract<DatabaseSettings, { kind: "pglite" }>;

const INT8_OID = 20;

/** Directories open in this process. A number of a process says nothing in a container, where every start has the same. */
const opened = new Set<string>();

/**
 * PostgreSQL inside this process, for when one process is enough. It is loaded when it is asked for, so that images,
 * which speak to a server, need not carry it.
 *
 * @throws ProblemError `state/no-pglite` where the package is missing, `state/in-use` when another process or another
 *   call has the directory open: two writers would destroy it.
 */
export async function openPglite({ directory }: PgliteSettings): Promise<Database> {
  const { PGlite } = await load();
  const unlock = directory === undefined ? () => {} : lock(directory);
  const options = { parsers: { [INT8_OID]: safeInteger } };
  const dataDir = directory === undefined ? {} : { dataDir: join(directory, "data") };
  try {
    return new EmbeddedDatabase(await PGlite.create({ ...options, ...dataDir }), unlock);
  } catch (error) {
    unlock();
    throw error;
  }
}

class EmbeddedDatabase implements Database {
  readonly #engine: PGlite;
  readonly #unlock: () => void;

  constructor(engine: PGlite, unlock: () => void) {
    this.#engine = engine;
    this.#unlock = unlock;
  }

  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    return run<Row>(this.#engine, text, values);
  }

  transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#engine.transaction((tx) => work({ query: (text, values) => run(tx, text, values) }));
  }

  /** Nothing can be missed inside one process. */
  async listen(channel: string, handlers: ChannelHandlers): Promise<() => Promise<void>> {
    const end = await this.#engine.listen(checkedChannel(channel), (payload) => handlers.onMessage(payload));
    return () => end();
  }

  async healthy(): Promise<boolean> {
    return this.#engine.ready && !this.#engine.closed;
  }

  async close(): Promise<void> {
    await this.#engine.close();
    this.#unlock();
  }
}

async function run<Row extends object>(
  engine: PGlite | Transaction,
  text: string,
  values: readonly unknown[] | undefined,
): Promise<readonly Row[]> {
  return (await engine.query<Row>(text, values === undefined ? [] : [...values])).rows;
}

async function load(): Promise<typeof import("@electric-sql/pglite")> {
  try {
    return await import("@electric-sql/pglite");
  } catch (cause) {
    return refuse(
      {
        code: "state/no-pglite",
        path: "database.kind",
        got: "pglite, where @electric-sql/pglite cannot be loaded",
        expected: "a database server, or an installation with that package",
        remedy: "set `kind: postgres`, or start from a checkout",
      },
      { cause },
    );
  }
}

/** Marks a directory as open by this process; the result takes the mark away. */
function lock(directory: string): () => void {
  const file = join(directory, "process");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (opened.has(directory) || (!marked(file) && !(removedStale(file) && marked(file)))) {
    refuse({
      code: "state/in-use",
      path: directory,
      got: `a directory that process ${readFileSync(file, "utf8")} has open`,
      expected: "one process and one opening at a time",
      remedy: "stop the other process",
    });
  }
  opened.add(directory);
  return () => {
    opened.delete(directory);
    rmSync(file, { force: true });
  };
}

function marked(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes the mark of a process that is gone. */
function removedStale(file: string): boolean {
  const owner = Number(readFileSync(file, "utf8"));
  if (owner !== process.pid && isAlive(owner)) return false;
  rmSync(file, { force: true });
  return true;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !hasCode(error, "ESRCH");
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
