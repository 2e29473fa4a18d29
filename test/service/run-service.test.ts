import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { hashKey } from "../../runtime/identity/index.ts";
import { migrate, openDatabase } from "../../runtime/state/index.ts";
import { projectRoot } from "../../tools/paths.ts";
import { startPostgres } from "../support/postgres.ts";

// A real process that drains for three seconds; on a busy machine it takes longer to start.
vi.setConfig({ testTimeout: 60_000 });

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let folder: string;
let keysFile: string;
let service: ChildProcess | undefined;

beforeAll(async () => {
  postgres = await startPostgres();
  const database = await openDatabase(postgres.settings("front_door"));
  await migrate(database);
  await database.close();
});
afterAll(() => postgres.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-service-"));
  keysFile = join(folder, "tenant-keys.json");
  service = undefined;
});
afterEach(() => {
  service?.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

test("a service told to stop is not ready, still serves while it drains, then ends with 0", async () => {
  writeFileSync(keysFile, "{}");
  const { operations, said } = await startRouter();
  expect((await fetch(`${operations}/readyz`)).status).toBe(200);
  const ended = once(service as ChildProcess, "exit");
  service?.kill("SIGTERM");
  await said("draining");
  const [ready, alive] = await Promise.all([fetch(`${operations}/readyz`), fetch(`${operations}/healthz`)]);
  expect([ready.status, alive.status]).toEqual([503, 200]);
  expect(await ended).toEqual([0, null]);
});

test("a service takes over a changed key file and keeps the last good one when the change is broken", async () => {
  const models = (key: string) => fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
  writeFileSync(keysFile, "{}");
  const { url, said } = await startRouter();
  expect((await models("secret")).status).toBe(401);
  writeFileSync(keysFile, JSON.stringify({ marketing: hashKey("secret") }));
  await said("took over a changed file");
  expect((await models("secret")).status).toBe(200);
  writeFileSync(keysFile, "not JSON");
  await said("a changed file is broken; the last good content stays");
  expect((await models("secret")).status).toBe(200);
});

test("a service that cannot start says every reason on standard error and ends with 1", async () => {
  const router = spawnRouter(settingsFile(await freePort()));
  let text = "";
  router.stderr?.on("data", (bytes: Buffer) => {
    text += bytes;
  });
  const [code] = (await once(router, "close")) as [number];
  expect([code, text]).toEqual([1, expect.stringMatching(/^\[secrets\/unreadable\] .*tenant-keys\.json: .*\n$/)]);
});

interface Running {
  readonly url: string;
  /** Address of probes and metrics. */
  readonly operations: string;
  readonly said: (message: string) => Promise<void>;
}

async function startRouter(): Promise<Running> {
  const port = await freePort();
  const router = spawnRouter(settingsFile(port));
  let text = "";
  router.stdout?.on("data", (bytes: Buffer) => {
    text += bytes;
    router.emit("said");
  });
  const said = async (message: string): Promise<void> => {
    while (!text.includes(`"msg":"${message}`)) await once(router, "said");
  };
  await said("Server listening at");
  return { url: `http://127.0.0.1:${port}`, operations: `http://127.0.0.1:${port + 1}`, said };
}

function spawnRouter(settings: string): ChildProcess {
  const main = join(projectRoot, "runtime", "router", "main.ts");
  service = spawn(process.execPath, ["--import", "tsx", main, "--settings", settings], { cwd: projectRoot });
  return service;
}

function settingsFile(port: number): string {
  const file = join(folder, "settings.json");
  const settings = {
    listen: { host: "127.0.0.1", port },
    max_body_bytes: 100_000,
    upstream_timeout_seconds: 1,
    tenant_keys_file: keysFile,
    principal_secret_file: secretFile("principal-secret", "p".repeat(43)),
    database: postgres.settings("router"),
    audit: { directory: folder, signing_key_file: secretFile("signing-key", signingKey) },
    tenants: [
      {
        id: "marketing",
        chain: [{ provider: "echo", model: "echo" }],
        max_tokens_per_request: 100,
        budget: { monthly_micro_usd: 0 },
        allow_unpriced: true,
      },
    ],
    providers: { echo: { kind: "echo", base_url: "http://127.0.0.1:1/v1", jurisdiction: "local", internal: true } },
  };
  writeFileSync(file, JSON.stringify(settings));
  return file;
}

const signingKey = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();

function secretFile(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
