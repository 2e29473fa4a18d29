import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDev } from "@breakwater/runtime/dev";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { devSettings, portsFrom } from "../../../cli/dev/settings.ts";
import { readEnvironmentFile } from "../../../cli/environment.ts";
import { ensureSecrets, secretFolder, tenantHolder } from "../../../tools/secrets/index.ts";

/**
 * Front door, router, PGlite and echo model together, as `breakwater dev` runs them. The cell is a stand-in: what
 * OpenClaw does between the two is attacked on the node.
 */
const PORTS = portsFrom(19_330);
const folder = mkdtempSync(join(tmpdir(), "breakwater-dev-"));
const keys: Record<string, string> = {};
let stop = async (): Promise<void> => undefined;

beforeAll(async () => {
  vi.stubEnv("XDG_STATE_HOME", folder);
  const { settings } = readEnvironmentFile("local");
  const tenants = settings.multi_tenant.tenants.map(({ id }) => ({ id, sandbox: { host: "127.0.0.1", port: 22 } }));
  for (const [holder, file] of Object.entries(ensureSecrets("dev-test", tenants, new Date()))) {
    keys[holder] = readFileSync(file, "utf8").trim();
  }
  ({ stop } = await startDev(devSettings(settings, secretFolder("dev-test"), join(folder, "data"), PORTS)));
}, 90_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

interface Reply {
  readonly status: number;
  readonly trace: string | null;
  readonly text: string;
}

async function request(method: string, path: string, key: string, body?: unknown): Promise<Reply> {
  const response = await fetch(`http://127.0.0.1:${PORTS.frontDoor}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, trace: response.headers.get("x-trace-id"), text: await response.text() };
}

function chat(content: string, options: { tenant?: string; stream?: boolean; key?: string } = {}): Promise<Reply> {
  const { tenant = "marketing", stream = false, key = keys[tenantHolder(tenant)] ?? "" } = options;
  const body = { model: "openclaw/default", stream, messages: [{ role: "user", content }] };
  return request("POST", "/v1/chat/completions", key, body);
}

function records(part: "front-door" | "router"): readonly Record<string, unknown>[] {
  const directory = join(folder, "data", `audit-${part}`);
  const files = readdirSync(directory).filter((file) => /^audit-.*\.jsonl$/.test(file));
  const lines = files.flatMap((file) => readFileSync(join(directory, file), "utf8").split("\n"));
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Record<string, unknown>);
}

test.each([false, true])(
  "a turn is answered, charged and recorded by both services under one trace (stream: %s)",
  async (stream) => {
    const { status, text, trace } = await chat("hello there", { stream });
    expect([status, trace]).toEqual([200, expect.stringMatching(/^[0-9a-f]{32}$/)]);
    const events = text.split("\n\n").filter((event) => event.startsWith("data: {"));
    const said = stream
      ? events.map((event) => JSON.parse(event.slice(6)).choices[0]?.delta.content ?? "").join("")
      : text;
    expect(said).toContain("hello there");
    const both = [...records("front-door"), ...records("router")].filter(({ trace_id }) => trace_id === trace);
    expect(both.map(({ kind, code, tenant }) => [kind, code, tenant])).toEqual([
      ["request", "ok", "marketing"],
      ["model", "ok", "marketing"],
    ]);
    expect(both[1]?.["cost_micro_usd"]).toBeGreaterThan(0);
  },
);

test("the cost of a turn is in the usage of its tenant and of nobody else", async () => {
  await chat("what does this cost", { tenant: "engineering" });
  const key = keys[tenantHolder("engineering")] ?? "";
  await expect
    .poll(async () => JSON.parse((await request("GET", "/api/usage", key)).text).tenants, { timeout: 10_000 })
    .toEqual([expect.objectContaining({ tenant: "engineering", models: [expect.objectContaining({ requests: 1 })] })]);
});

test("what must not leave does not: a card number is refused, a social security number reaches the model masked", async () => {
  const card = await chat("pay with 4111 1111 1111 1111");
  expect([card.status, card.text.includes("screening/blocked"), card.text.includes("4111")]).toEqual([
    403,
    true,
    false,
  ]);
  const ssn = await chat("my number is 078-05-1120");
  expect([ssn.status, ssn.text.includes("[redacted:"), ssn.text.includes("078-05-1120")]).toEqual([200, true, false]);
});

test("a key that an administrator makes works at once, and not any more once it is revoked", async () => {
  const admin = keys["admin"] ?? "";
  const made = await request("POST", "/api/keys", admin, { tenant: "marketing", role: "user" });
  expect(made.status).toBe(201);
  const { key, record } = JSON.parse(made.text) as { key: string; record: { id: string } };
  expect((await chat("with a new key", { key })).status).toBe(200);
  expect((await request("DELETE", `/api/keys/${record.id}`, admin)).status).toBe(200);
  expect((await chat("with a revoked key", { key })).status).toBe(401);
});
