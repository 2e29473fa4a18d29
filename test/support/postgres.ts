import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { DatabaseSettings } from "../../runtime/settings/services.ts";
import { hasCommand, installPackages } from "../../tools/packages.ts";

type PostgresSettings = Extract<DatabaseSettings, { kind: "postgres" }>;

/** Where Debian puts the server: it is not on PATH. */
const DEBIAN = "/usr/lib/postgresql";
const CLUSTER_DEFAULTS = "/etc/postgresql-common/createcluster.conf";
const START_TIMEOUT_MS = 60_000;
/** `nobody`: the server refuses to run as root. */
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };

/** Why the tests on a real database cannot run on this machine, one sentence each; empty when they can. */
export function postgresObstacles(): readonly string[] {
  if (serverFolder() !== undefined || (isRoot() && hasCommand("apt-get"))) return [];
  return ["there is no PostgreSQL server, and only root can install Debian's package postgresql"];
}

/** Installs the server where there is none, without the cluster that the package starts on its own. */
export async function ensurePostgres(): Promise<void> {
  if (serverFolder() !== undefined) return;
  if (!existsSync(CLUSTER_DEFAULTS)) {
    mkdirSync("/etc/postgresql-common", { recursive: true });
    writeFileSync(CLUSTER_DEFAULTS, "create_main_cluster = false\n");
  }
  await installPackages(["postgresql"]);
}

/** One server with one database, for those who need no more: installed where it is missing, started, removed. */
export async function startPostgres(): Promise<{
  readonly settings: (user: "front_door" | "router") => PostgresSettings;
  readonly stop: () => Promise<void>;
}> {
  await ensurePostgres();
  const server = await PostgresServer.start();
  return { settings: await server.createDatabase(), stop: () => server.close() };
}

/** Options of one throw-away server. */
export interface ServerOptions {
  /** For tests of durability: writes survive a crash of the machine, and are slow. @default false */
  readonly fsync?: boolean;
}

/** A PostgreSQL server of a test's own: a free port, a folder that goes with it, the users of a deployment. */
export class PostgresServer {
  readonly #folder: string;
  readonly #port: number;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(folder: string, port: number, { fsync = false }: ServerOptions) {
    this.#folder = folder;
    this.#port = port;
    this.#arguments = [
      ...["-D", join(folder, "data"), "-p", String(port)],
      ...[
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=200",
        `fsync=${fsync ? "on" : "off"}`,
      ].flatMap((setting) => ["-c", setting]),
    ];
  }

  static async start(options: ServerOptions = {}): Promise<PostgresServer> {
    const folder = mkdtempSync(join(tmpdir(), "breakwater-postgres-"));
    writeFileSync(join(folder, "password"), randomBytes(16).toString("hex"), { mode: 0o600 });
    if (isRoot())
      for (const path of [folder, join(folder, "password")]) chownSync(path, UNPRIVILEGED.uid, UNPRIVILEGED.gid);
    const initdb = spawnSync(
      program("initdb"),
      [
        "-D",
        join(folder, "data"),
        "-U",
        "postgres",
        "-A",
        "scram-sha-256",
        "--pwfile",
        join(folder, "password"),
      ].concat(["--no-sync", "-E", "UTF8", "--locale=C"]),
      { ...asUser(), cwd: folder, encoding: "utf8" },
    );
    if (initdb.status !== 0) throw new Error(`initdb: ${initdb.stderr}`);
    const server = new PostgresServer(folder, await freePort(), options);
    process.once("exit", () => server.#remove());
    await server.up();
    for (const user of ["front_door", "router"]) {
      await server.#admin(`CREATE ROLE ${user} LOGIN PASSWORD '${readFileSync(join(folder, "password"), "utf8")}'`);
    }
    return server;
  }

  /** A new, empty database that `front_door` owns. @returns settings of a service that connects as a user. */
  async createDatabase(): Promise<(user: "front_door" | "router") => PostgresSettings> {
    this.#databases += 1;
    const database = `test_${this.#databases}`;
    await this.#admin(`CREATE DATABASE ${database} OWNER front_door`);
    return (user) => ({ ...this.#address(), database, user, max_connections: 8 });
  }

  /** Starts the server again where it is stopped. */
  async up(): Promise<void> {
    const child = spawn(program("postgres"), this.#arguments, {
      ...asUser(),
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#process = child;
    let log = "";
    child.stderr.on("data", (bytes: Buffer) => {
      log = (log + bytes).slice(-10_000);
    });
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (;;) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`postgres did not start:\n${log}`);
      try {
        await this.#admin("SELECT 1");
        return;
      } catch {
        await sleep(50);
      }
    }
  }

  /** Stops it: `fast` ends connections in order, `crash` is what a crash of the server looks like. */
  async down(how: "fast" | "crash"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await ended;
  }

  /** Ends every connection of the services, as a failing network does. */
  async dropConnections(): Promise<void> {
    await this.#admin(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename IN ('front_door', 'router')",
    );
  }

  /** Stops it and removes all of it. */
  async close(): Promise<void> {
    await this.down("fast");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #admin(text: string): Promise<void> {
    const password = readFileSync(join(this.#folder, "password"), "utf8");
    const client = new Client({
      host: "127.0.0.1",
      port: this.#port,
      database: "postgres",
      user: "postgres",
      password,
    });
    client.on("error", () => {});
    await client.connect();
    try {
      await client.query(text);
    } finally {
      await client.end();
    }
  }

  #address() {
    return {
      kind: "postgres",
      host: "127.0.0.1",
      port: this.#port,
      password_file: join(this.#folder, "password"),
    } as const;
  }

  #remove(): void {
    this.#process?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function program(name: string): string {
  const folder = serverFolder();
  if (folder === undefined) throw new Error(`${postgresObstacles()[0] ?? "PostgreSQL is not installed yet"}`);
  return join(folder, name);
}

/** The newest server that is installed. */
function serverFolder(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const paths = (process.env["PATH"] ?? "").split(":");
  const folders = [...versions.map((version) => join(DEBIAN, version, "bin")), ...paths];
  return folders.find((folder) => existsSync(join(folder, "postgres")) && existsSync(join(folder, "initdb")));
}

function asUser(): { readonly uid?: number; readonly gid?: number } {
  return isRoot() ? UNPRIVILEGED : {};
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}
