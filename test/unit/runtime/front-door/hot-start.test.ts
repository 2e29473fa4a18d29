import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net, { type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { queryAudit } from "../../../../runtime/audit/index.ts";
import { startFrontDoor } from "../../../../runtime/front-door/start.ts";
import { createApiKey } from "../../../../runtime/identity/index.ts";
import { FrontDoorSettings } from "../../../../runtime/settings/services.ts";
import { type Database, openDatabase } from "../../../../runtime/state/index.ts";
import { chat, FIXTURE_ROLES } from "./fixture.ts";

let folder: string;
let cell: http.Server;
let database: Database;
let written: string[];

beforeAll(async () => {
  database = await openDatabase({ kind: "pglite" });
});
afterAll(() => database.close());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "front-door-start-"));
  cell = http.createServer((request, response) => {
    request.resume().on("end", () => {
      const message = { role: "assistant", content: String(request.headers.authorization) };
      response.end(JSON.stringify({ id: "c", choices: [{ index: 0, message }] }));
    });
  });
  await new Promise<void>((resolve) => cell.listen(0, "127.0.0.1", resolve));
  written = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  cell.closeAllConnections();
  cell.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** Two ports in a row that nobody has. */
async function freePorts(): Promise<number> {
  for (;;) {
    const probe = net.createServer();
    await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    if (port < 65_000) return port;
  }
}

async function prepare(): Promise<{ settings: FrontDoorSettings; key: string }> {
  const now = new Date();
  const { key, record } = createApiKey({ tenant: "marketing", role: "user", now, expires: null });
  const { privateKey } = generateKeyPairSync("ed25519");
  const secret = () => randomBytes(32).toString("base64url");
  const directory = join(folder, "audit");
  mkdirSync(directory);
  const { port } = cell.address() as AddressInfo;
  const settings = FrontDoorSettings.parse({
    listen: { host: "127.0.0.1", port: await freePorts() },
    tenants: [
      {
        ...{ id: "marketing", name: "Marketing" },
        cell: { base_url: `http://127.0.0.1:${port}`, gateway_token_file: file("token", "gateway-token") },
      },
    ],
    roles: FIXTURE_ROLES,
    api_keys_file: file("keys.json", JSON.stringify([record])),
    session_secret_file: file("session", secret()),
    principal_secret_file: file("principal", secret()),
    database: { kind: "pglite" },
    audit: {
      directory,
      signing_key_file: file("audit.pem", privateKey.export({ format: "pem", type: "pkcs8" }).toString()),
    },
  });
  return { settings, key };
}

test("a front door that has started serves, is ready on its second port, and has written its records when it stopped", async () => {
  const { settings, key } = await prepare();
  let draining = false;
  const service = await startFrontDoor(settings, { draining: () => draining, database, replica: "one" });
  const url = `http://127.0.0.1:${settings.listen.port}`;
  const operations = `http://127.0.0.1:${settings.listen.port + 1}`;
  expect((await fetch(`${operations}/readyz`)).status).toBe(200);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", connection: "close" };
  const reply = await fetch(`${url}/v1/chat/completions`, { method: "POST", headers, body: JSON.stringify(chat()) });
  expect([reply.status, await reply.json()]).toMatchObject([
    200,
    { choices: [{ message: { content: "Bearer gateway-token" } }] },
  ]);
  expect(await (await fetch(`${operations}/metrics`)).text()).toMatch(/response_time_seconds_count\{[^}]*\} 1/);
  draining = true;
  expect((await fetch(`${operations}/readyz`)).status).toBe(503);
  await service.stop();
  await expect(fetch(url)).rejects.toThrow();
  const query = { tenant: undefined, from: undefined, before: undefined, limit: 10, after: undefined };
  const { records } = await queryAudit(settings.audit.directory, query);
  expect(records).toMatchObject([{ code: "ok", tenant: "marketing", writer: "one", action: "agent:chat" }]);
  expect(written.join("")).not.toContain(key);
});

test("everything that stands in the way of a start is said at once, and nothing stays open", async () => {
  const { settings } = await prepare();
  rmSync(settings.api_keys_file);
  writeFileSync(settings.session_secret_file, "short");
  const limits = { per_key: { requests_per_minute: 1 }, per_tenant: {} };
  const [started, cleared] = [vi.spyOn(globalThis, "setInterval"), vi.spyOn(globalThis, "clearInterval")];
  const starting = startFrontDoor({ ...settings, replicas: 2, limits }, { draining: () => false, database });
  await expect(starting).rejects.toThrow(/limits\/below-replicas[\s\S]*secrets\/too-short[\s\S]*keys\.json/);
  const following = started.mock.results.map(({ value }) => value);
  expect(following).not.toEqual([]);
  expect(cleared.mock.calls.map(([timer]) => timer)).toEqual(expect.arrayContaining(following));
});

test("a port that is taken ends the start, and the second port is free again", async () => {
  const { settings } = await prepare();
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(settings.listen.port, "127.0.0.1", resolve));
  await expect(startFrontDoor(settings, { draining: () => false, database })).rejects.toThrow(/EADDRINUSE/);
  await expect(fetch(`http://127.0.0.1:${settings.listen.port + 1}/healthz`)).rejects.toThrow();
  taken.close();
});
