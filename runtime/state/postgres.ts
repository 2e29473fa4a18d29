import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { type ClientConfig, DatabaseError, Pool, type PoolClient, types } from "pg";
import { refuse } from "../problems/index.ts";
import { readSecret } from "../service/settings-file.ts";
import type { DatabaseSettings } from "../settings/services.ts";
import { type ChannelHandlers, type Database, type DatabaseDeps, type Queries, safeInteger } from "./database.ts";
import { Notifications } from "./notifications.ts";

type PostgresSettings = Extract<DatabaseSettings, { kind: "postgres" }>;

const CONNECT_TIMEOUT_MS = 5000;
/** The server gives a statement up after this. */
const STATEMENT_TIMEOUT_MS = 10_000;
/** How much longer the client waits for the server to say so, before it gives up the connection. */
const ANSWER_MARGIN_MS = 2000;
/** A transaction whose client is gone or stuck must not keep its locks. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2000;
const KEEPALIVE_AFTER_MS = 10_000;
const INT8_OID = 20;

/** @throws ProblemError `secrets/unreadable` */
export function openPostgres(settings: PostgresSettings, deps: DatabaseDeps): Database {
  return new Postgres(settings, deps);
}

class Postgres implements Database {
  readonly #pool: Pool;
  readonly #notifications: Notifications;

  constructor(settings: PostgresSettings, { notify }: DatabaseDeps) {
    const config = clientConfig(settings);
    this.#pool = new Pool({ ...config, max: settings.max_connections, idleTimeoutMillis: 60_000 });
    // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
    this.#pool.on("error", (error) => notify({ level: "warn", message: "an idle database connection broke", error }));
    this.#notifications = new Notifications(config, notify);
  }

  async query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    const client = await this.#pool.connect();
    return withClient(client, () => run<Row>(client, text, values, STATEMENT_TIMEOUT_MS));
  }

  async transaction<T>(work: (tx: Queries) => Promise<T>, timeoutMs = STATEMENT_TIMEOUT_MS): Promise<T> {
    const client = await this.#pool.connect();
    return withClient(client, async () => {
      await command(client, "BEGIN");
      try {
        if (timeoutMs !== STATEMENT_TIMEOUT_MS) await command(client, `SET LOCAL statement_timeout = ${timeoutMs}`);
        const result = await work({ query: (text, values) => run(client, text, values, timeoutMs) });
        // The server answers COMMIT with ROLLBACK when a statement failed and `work` went on regardless.
        const ended = await command(client, "COMMIT");
        if (ended !== "COMMIT") throw new Error("the transaction was rolled back: one of its statements failed");
        return result;
      } catch (error) {
        if (isBroken(error)) throw error;
        await command(client, "ROLLBACK");
        throw error;
      }
    });
  }

  listen(channel: string, handlers: ChannelHandlers): Promise<() => Promise<void>> {
    return this.#notifications.listen(channel, handlers);
  }

  async healthy(): Promise<boolean> {
    try {
      const client = await this.#pool.connect();
      await withClient(client, () => run(client, "SELECT 1", [], HEALTH_TIMEOUT_MS));
      return true;
    } catch {
      // The reason is told where it matters: by the query that fails.
      return false;
    }
  }

  async close(): Promise<void> {
    await this.#notifications.close();
    await this.#pool.end();
  }
}

/** Gives the connection back after `work`, or throws it away when it may be broken. */
async function withClient<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  // Between two statements of a transaction a broken connection would be an error that nobody listens to.
  const broke = (): void => {};
  client.on("error", broke);
  try {
    const result = await work();
    client.removeListener("error", broke);
    client.release();
    return result;
  } catch (error) {
    client.removeListener("error", broke);
    client.release(isBroken(error));
    throw error;
  }
}

/** After an answer of the server the connection is sound; `FATAL` ends it. Errors of our own code are none of it. */
function isBroken(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.severity === "FATAL" || error.severity === "PANIC";
  return (
    error instanceof Error && ("errno" in error || /timeout|connection|terminated|not queryable/i.test(error.message))
  );
}

async function run<Row extends object>(
  client: PoolClient,
  text: string,
  values: readonly unknown[] | undefined,
  timeoutMs: number,
): Promise<readonly Row[]> {
  const query = { text, values: values === undefined ? [] : [...values], query_timeout: timeoutMs + ANSWER_MARGIN_MS };
  return (await client.query<Row>(query)).rows;
}

/** A statement that controls the transaction; its answer tells what the server did. */
async function command(client: PoolClient, text: string): Promise<string> {
  const query = { text, query_timeout: STATEMENT_TIMEOUT_MS + ANSWER_MARGIN_MS };
  return (await client.query(query)).command;
}

function clientConfig(settings: PostgresSettings): ClientConfig {
  const { host, port, database, user, password_file, ca_file, cipher_suites } = settings;
  return {
    host,
    port,
    database,
    user,
    // Read at every connection, so that a rotated password needs no restart.
    password: () => readSecret(password_file),
    ssl: ca_file === undefined ? false : tlsOf(ca_file, cipher_suites),
    application_name: "breakwater",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_AFTER_MS,
    types: { getTypeParser: (oid, format) => (oid === INT8_OID ? safeInteger : types.getTypeParser(oid, format)) },
  };
}

/** A server of the environment's own speaks TLS 1.3 with these suites; a cloud's own what that has. */
function tlsOf(authority: string, suites: PostgresSettings["cipher_suites"]): ConnectionOptions {
  const own = suites === undefined ? {} : ({ minVersion: "TLSv1.3", ciphers: suites.join(":") } as const);
  return { ca: readAuthority(authority), rejectUnauthorized: true, ...own };
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      { code: "secrets/unreadable", path, got, expected: "a readable file", remedy: "mount the authority" },
      { cause },
    );
  }
}
