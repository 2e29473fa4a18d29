import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readUsage } from "../../../../runtime/budget/index.ts";
import { hashKey } from "../../../../runtime/identity/index.ts";
import { startRouter } from "../../../../runtime/router/start.ts";
import type { RunningService } from "../../../../runtime/service/run-service.ts";
import { RouterSettings } from "../../../../runtime/settings/services.ts";
import { type Database, migrate, openDatabase } from "../../../../runtime/state/index.ts";
import { json, ScriptedProvider } from "../../../support/providers/scripted-provider.ts";

/** The whole router with its real parts: screening, audit log on disk, budgets over PGlite. */
let provider: ScriptedProvider;
let database: Database;
let service: RunningService;
let port: number;
let settings: RouterSettings;
let draining = false;
const folder = mkdtempSync(join(tmpdir(), "breakwater-router-"));

beforeAll(async () => {
  provider = await ScriptedProvider.start();
  port = await twoFreePorts();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const { privateKey } = generateKeyPairSync("ed25519");
  settings = RouterSettings.parse({
    listen: { host: "127.0.0.1", port },
    principal_secret_file: file("principal-secret", "p".repeat(43)),
    tenant_keys_file: file("tenant-keys.json", JSON.stringify({ t: hashKey("key-t"), poor: hashKey("key-poor") })),
    database: { kind: "pglite" },
    screening: { rules: [{ name: "card", action: "block", detector: "payment-card" }] },
    audit: {
      directory: folder,
      signing_key_file: file("key.pem", privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
    },
    tenants: ["t", "poor"].map((id) => ({
      id,
      chain: [{ provider: "p", model: "m" }],
      max_tokens_per_request: 100,
      budget: { monthly_micro_usd: id === "poor" ? 100 : 1_000_000_000 },
    })),
    providers: {
      p: {
        kind: "vllm",
        base_url: provider.baseUrl,
        api_key_file: file("p.key", "provider-key\n"),
        jurisdiction: "us",
        internal: false,
      },
    },
    prices: [
      {
        kind: "vllm",
        model: "m",
        input_micro_usd: 1_000_000,
        output_micro_usd: 2_000_000,
        from: "2026-01-01",
        source: "test",
      },
    ],
  });
  database = await openDatabase({ kind: "pglite" });
  await migrate(database);
  service = await startRouter(settings, { draining: () => draining, database, replica: "r1" });
  service.log.level = "silent";
}, 60_000);

afterAll(async () => {
  await provider.close();
  await database.close();
  rmSync(folder, { recursive: true });
});

function ask(path: string, body?: object, key = "key-t", at = port): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const request = http.request({ port: at, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.on("data", (data) => {
        text += data;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on("error", reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const chat = (content: string) => ({ model: "tenant-default", messages: [{ role: "user", content }] });
const records = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").trim().split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === "model");

test("serves, refuses, records and counts with its real parts", async () => {
  expect((await ask("/v1/chat/completions", chat("hi"))).status).toBe(200);
  expect(provider.seen[0]?.headers.authorization).toBe("Bearer provider-key");
  expect((await ask("/v1/chat/completions", chat("4111 1111 1111 1111"))).status).toBe(403);
  const poor = await ask("/v1/chat/completions", chat("hi"), "key-poor");
  expect([poor.status, JSON.parse(poor.body).error.code]).toEqual([402, "budget/exceeded"]);
  expect(records().map(({ tenant, code, writer, cost_micro_usd }) => [tenant, code, writer, cost_micro_usd])).toEqual([
    ["t", "ok", "r1", 20],
    ["t", "screening/blocked", "r1", null],
    ["poor", "budget/exceeded", "r1", null],
  ]);
});

test("is ready on its second port, counts there, and tells cells nothing of it", async () => {
  expect((await ask("/readyz", undefined, "", port + 1)).status).toBe(200);
  const { body } = await ask("/metrics", undefined, "", port + 1);
  expect(body).toContain('openclaw_llm_api_cost_usd{tenant="t",provider="p",model="m",service="router"} 0.00002');
  expect((await ask("/metrics")).status).toBe(404);
  expect((await ask("/readyz")).status).toBe(404);
  draining = true;
  expect((await ask("/readyz", undefined, "", port + 1)).status).toBe(503);
  expect((await ask("/v1/chat/completions", chat("still"))).status).toBe(200);
});

test("what stands in the way of a start is told all at once, and nothing stays open", async () => {
  const [tenant] = settings.tenants;
  const bad = {
    ...settings,
    tenant_keys_file: "/nowhere/keys.json",
    tenants: [{ ...tenant, data_class: "restricted" }],
  } as RouterSettings;
  const refusal = await startRouter(bad, { draining: () => false, database }).catch(String);
  expect(refusal).toContain("residency/forbidden-provider");
  expect(refusal).toContain("/nowhere/keys.json");
});

test("stops after the running request, with its usage written", async () => {
  provider.script = (response, request) =>
    void setTimeout(
      () =>
        json(200, { choices: [{ message: { content: "late" } }], usage: { prompt_tokens: 3, completion_tokens: 1 } })(
          response,
          request,
        ),
      100,
    );
  const running = ask("/v1/chat/completions", chat("late"));
  await vi.waitFor(() => expect(provider.seen).toHaveLength(3));
  await service.stop();
  expect((await running).body).toContain("late");
  await expect(ask("/v1/models")).rejects.toThrow();
  const report = await readUsage(database, { tenant: "t" });
  expect(JSON.stringify(report)).toContain('"p"');
});

function twoFreePorts(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      const found = typeof address === "object" && address !== null ? address.port : 0;
      const above = createServer()
        .on("error", () => server.close(() => resolve(twoFreePorts())))
        .listen(found + 1, "127.0.0.1", () => above.close(() => server.close(() => resolve(found))));
    });
  });
}
