import { rmSync } from "node:fs";
import { request, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { carriesToken, MAX_BODY_BYTES } from "../../../../runtime/cell-agent/agents-api.ts";
import { cellAgentServer } from "../../../../runtime/cell-agent/server.ts";
import type { Readiness } from "../../../../runtime/cell-agent/watch.ts";
import { clientTls, serverTls } from "../../../../runtime/transport/tls.ts";
import { TestTransport } from "../../../support/transport.ts";
import { FakeCell, spec } from "./world.ts";

const notReady: Readiness = { ready: false, reason: "plugins not loaded: cell-guard" };
let transport: TestTransport;
let cell: FakeCell;
let server: Server;
let readiness: Readiness;
let failures: unknown[];

beforeAll(() => {
  transport = new TestTransport();
});
afterAll(() => transport.remove());
beforeEach(async () => {
  cell = new FakeCell();
  readiness = notReady;
  failures = [];
  server = cellAgentServer({
    tls: serverTls(transport.settings),
    readiness: () => readiness,
    store: await cell.start(),
    token: async () => "the-token",
    onError: (error) => failures.push(error),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  await cell.remove();
});

function ask(method: string, path: string, options: { body?: string; token?: string } = {}) {
  const { port } = server.address() as AddressInfo;
  const headers = options.token === "" ? {} : { authorization: `Bearer ${options.token ?? "the-token"}` };
  const tls = clientTls(transport.settings);
  return new Promise<{ status: number; body: { error?: { code: string; message: string } } }>((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, path, method, headers, ...tls, agent: false }, async (response) => {
      const text = Buffer.concat(await response.toArray()).toString("utf8");
      resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
    });
    sent.on("error", reject);
    sent.end(options.body);
  });
}

describe("the probes", () => {
  test("need no token: the agent lives while its cell is not ready", async () => {
    expect(await ask("GET", "/healthz", { token: "" })).toEqual({ status: 200, body: { status: "live" } });
    expect(await ask("GET", "/readyz", { token: "" })).toEqual({ status: 503, body: notReady });
  });

  test("say ready when the cell may serve", async () => {
    readiness = { ready: true };
    expect(await ask("GET", "/readyz", { token: "" })).toEqual({ status: 200, body: { ready: true } });
  });
});

describe("the agents", () => {
  test("are nobody's who has not the gateway's token", async () => {
    for (const token of ["", "the-token2", "the-toke", "x".repeat(10_000)]) {
      expect((await ask("GET", "/agents", { token })).status).toBe(401);
      const put = await ask("PUT", "/agents", { token, body: JSON.stringify({ agents: [spec()] }) });
      expect(put).toMatchObject({ status: 401, body: { error: { code: "agents/unauthorized" } } });
    }
    expect((await ask("GET", "/agents")).body).toEqual({ agents: [] });
    expect(carriesToken("Bearer ", "")).toBe(false);
  });

  test("are what was put, with defaults", async () => {
    const body = JSON.stringify({ agents: [{ id: "support", name: "지원" }] });
    const put = await ask("PUT", "/agents", { body });
    expect(put).toEqual({ status: 200, body: { agents: [spec({ name: "지원" })] } });
    expect(await ask("GET", "/agents")).toEqual(put);
  });

  test.each([
    ["no JSON", "{", "agents/invalid-json"],
    ["no list", "{}", "agents/invalid"],
    ["an unknown field", '{"agents":[],"x":1}', "agents/invalid"],
    [
      "too many",
      JSON.stringify({ agents: Array.from({ length: 101 }, (_, i) => spec({ id: `a${i}` })) }),
      "agents/invalid",
    ],
  ])("that are %s are refused", async (_, body, code) => {
    expect(await ask("PUT", "/agents", { body })).toMatchObject({ status: 400, body: { error: { code } } });
  });

  test("are refused with every problem, without quoting instructions", async () => {
    const body = JSON.stringify({
      agents: [
        { id: "UP", name: "" },
        { id: "a", name: "n", instructions: 7 },
      ],
    });
    const refused = await ask("PUT", "/agents", { body });
    expect(refused.body.error?.message.split("\n")).toHaveLength(3);
    const long = JSON.stringify({ agents: [spec({ instructions: "secret".repeat(4000) })] });
    expect((await ask("PUT", "/agents", { body: long })).body.error?.message).not.toContain("secret");
  });

  test("that are too large are not read", async () => {
    const body = "x".repeat(MAX_BODY_BYTES + 1);
    expect(await ask("PUT", "/agents", { body })).toMatchObject({ status: 413 });
  });

  test("are 503 when OpenClaw does not run with them, and the ones before stay", async () => {
    await ask("PUT", "/agents", { body: JSON.stringify({ agents: [spec()] }) });
    cell.reloads = false;
    expect(await ask("PUT", "/agents", { body: '{"agents":[]}' })).toMatchObject({
      status: 503,
      body: { error: { code: "agent/unavailable" } },
    });
    expect((await ask("GET", "/agents")).body).toEqual({ agents: [spec()] });
  });

  test("are 409 while data of a deleted one of the same id is left", async () => {
    const body = JSON.stringify({ agents: [spec()] });
    await ask("PUT", "/agents", { body });
    cell.agentsWithData = ["support"];
    await ask("PUT", "/agents", { body: '{"agents":[]}' });
    const again = await ask("PUT", "/agents", { body });
    expect(again).toMatchObject({ status: 409, body: { error: { code: "agents/being-erased" } } });
  });

  test("that cannot be kept are 500 with nothing of the cause in the answer", async () => {
    rmSync(cell.files.base_file);
    const answer = await ask("PUT", "/agents", { body: '{"agents":[]}' });
    expect(answer).toMatchObject({ status: 500, body: { error: { code: "agent/internal" } } });
    expect(JSON.stringify(answer)).not.toContain(cell.folder);
    expect(failures).toHaveLength(1);
  });
});

test("there is nothing else to ask for", async () => {
  expect((await ask("GET", "/")).status).toBe(404);
  expect((await ask("POST", "/healthz")).status).toBe(405);
  expect((await ask("DELETE", "/agents")).status).toBe(405);
});
