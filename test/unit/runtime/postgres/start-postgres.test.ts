import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, type ClientConfig } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientTls } from "../../../../runtime/transport/tls.ts";
import { projectRoot } from "../../../../tools/paths.ts";
import { TestTransport } from "../../../support/transport.ts";

const BIN = "/usr/lib/postgresql/15/bin";
/** PostgreSQL refuses to run as root; this user is on every Debian. */
const NOBODY = 65_534;

const source = join(projectRoot, "runtime", "postgres");
let root: string;
let port: number;
let server: ChildProcess;
let transport: TestTransport;

/** The folders that the image and its volumes have, in one place, as the user that the server runs as. */
async function prepare(): Promise<void> {
  root = mkdtempSync(join(tmpdir(), "breakwater-postgres-"));
  port = await freePort();
  for (const name of ["etc", "home", "run", "secrets"]) mkdirSync(join(root, name));
  const config = readFileSync(join(source, "postgresql.conf"), "utf8").replace("port = 5432", `port = ${port}`);
  writeFileSync(join(root, "etc", "postgresql.conf"), config);
  const ident = readFileSync(join(source, "pg_ident.conf"), "utf8").replace(/\bnode\b/, "nobody");
  writeFileSync(join(root, "etc", "pg_ident.conf"), ident);
  copyFileSync(join(source, "roles.sql"), join(root, "etc", "roles.sql"));
  password("front-door", "first'word");
  password("router", "other");
  certificate();
  chmodSync(root, 0o755);
  if (process.getuid?.() === 0) for (const name of ["home", "run"]) chownSync(join(root, name), NOBODY, NOBODY);
}

function password(user: "front-door" | "router", text: string): void {
  writeFileSync(join(root, "secrets", `${user}-password`), text, { mode: 0o644 });
}

/** As a Secret has it: the server may read the key by its group, and nobody else may. */
function certificate(): void {
  const { certificate_file, key_file } = transport.settings;
  const key = join(root, "secrets", "tls.key");
  writeFileSync(join(root, "secrets", "tls.crt"), readFileSync(certificate_file), { mode: 0o644 });
  copyFileSync(key_file, key);
  if (process.getuid?.() === 0) chownSync(key, 0, NOBODY);
  chmodSync(key, process.getuid?.() === 0 ? 0o640 : 0o600);
}

/** No server yet, or one that is not ready for connections (SQLSTATE cannot_connect_now). */
const STARTING: ReadonlySet<string> = new Set(["ECONNREFUSED", "57P03"]);

/** Starts it and waits until the front door's user gets in. */
async function start(secret: string): Promise<void> {
  const env = {
    PATH: process.env["PATH"] ?? "",
    PGPORT: String(port),
    POSTGRES_ETC: join(root, "etc"),
    POSTGRES_HOME: join(root, "home"),
    POSTGRES_RUN: join(root, "run"),
    POSTGRES_SECRETS: join(root, "secrets"),
  };
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  server = spawn("sh", [join(source, "start-postgres"), "127.0.0.0/8"], { env, ...user, stdio: "ignore" });
  let ended = false;
  server.once("exit", () => {
    ended = true;
  });
  while (!ended && STARTING.has((await refusal("front_door", secret)) ?? "")) await tick();
  expect(ended).toBe(false);
}

async function stop(signal: "SIGINT" | "SIGKILL"): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => server.once("exit", resolve));
  server.kill(signal);
  return ended;
}

async function query(
  user: string,
  secret: string,
  sql: string,
  database = "breakwater",
  ssl: ClientConfig["ssl"] = clientTls(transport.settings),
): Promise<unknown> {
  const client = new Client({ host: "127.0.0.1", port, user, password: secret, database, ssl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Why a statement is refused, undefined when it is not. */
function refusal(
  user: string,
  secret: string,
  sql = "SELECT 1",
  database?: string,
  ssl?: ClientConfig["ssl"],
): Promise<string | undefined> {
  return query(user, secret, sql, database, ssl).then(
    () => undefined,
    (error: Error & { code?: string }) => error.code ?? error.message,
  );
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = probe.address() as { port: number };
      probe.close(() => resolve(free));
    });
  });
}

/** SQLSTATE of PostgreSQL. */
const INSUFFICIENT_PRIVILEGE = "42501";
const INVALID_PASSWORD = "28P01";
const INVALID_AUTHORIZATION = "28000";

describe.skipIf(!existsSync(join(BIN, "postgres")))("the database's start script", () => {
  beforeAll(async () => {
    transport = new TestTransport();
    await prepare();
    await start("first'word");
  }, 60_000);

  afterAll(async () => {
    await stop("SIGINT");
    rmSync(root, { recursive: true });
    transport.remove();
  });

  test("lets nobody in without TLS, or by an older one than 1.3", async () => {
    const { ca } = clientTls(transport.settings);
    expect(await refusal("front_door", "first'word")).toBeUndefined();
    expect(await refusal("front_door", "first'word", "SELECT 1", "breakwater", false)).toBe(INVALID_AUTHORIZATION);
    const old = { ca, maxVersion: "TLSv1.2" } as const;
    expect(await refusal("front_door", "first'word", "SELECT 1", "breakwater", old)).toBe("EPROTO");
  });

  test("makes the database with checksums, owned by the front door's user", async () => {
    await query("front_door", "first'word", "CREATE TABLE kept (n int)");
    await query("front_door", "first'word", "INSERT INTO kept VALUES (7)");
    expect(await query("front_door", "first'word", "SHOW data_checksums")).toEqual([{ data_checksums: "on" }]);
  });

  test("gives the router's user nothing that was not granted", async () => {
    expect(await refusal("router", "other")).toBeUndefined();
    expect(await refusal("router", "other", "SELECT * FROM kept")).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await refusal("router", "other", "CREATE TABLE own (n int)")).toBe(INSUFFICIENT_PRIVILEGE);
    expect(await refusal("router", "other", "SET ROLE front_door")).toBe(INSUFFICIENT_PRIVILEGE);
  });

  test("lets no superuser and no other database in over TCP, and nobody with another's password", async () => {
    expect(await refusal("postgres", "other")).toBe(INVALID_AUTHORIZATION);
    expect(await refusal("router", "other", "SELECT 1", "postgres")).toBe(INVALID_AUTHORIZATION);
    expect(await refusal("router", "first'word")).toBe(INVALID_PASSWORD);
  });

  test("keeps what was committed when it is killed, and follows a changed password at the next start", async () => {
    await query("front_door", "first'word", "INSERT INTO kept VALUES (8)");
    await stop("SIGKILL");
    password("router", "changed");
    await start("first'word");
    expect(await query("front_door", "first'word", "SELECT n FROM kept ORDER BY n")).toEqual([{ n: 7 }, { n: 8 }]);
    expect(await refusal("router", "other")).toBe(INVALID_PASSWORD);
    expect(await refusal("router", "changed")).toBeUndefined();
  }, 60_000);

  test("ends cleanly on its stop signal, with a client connected", async () => {
    const client = new Client({
      ...{ host: "127.0.0.1", port, ssl: clientTls(transport.settings) },
      ...{ user: "router", password: "changed", database: "breakwater" },
    });
    client.on("error", () => undefined);
    await client.connect();
    expect(await stop("SIGINT")).toBe(0);
    await start("first'word");
  }, 60_000);
});
