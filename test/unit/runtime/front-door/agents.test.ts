import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../../../runtime/state/index.ts";
import { emptyState, openState, STARTING_MS } from "../identity/fixture.ts";
import { type Admin, deploymentKeys, FakeCellAgent, openAdmin } from "./admin-fixture.ts";

const who = deploymentKeys({
  admin: { tenant: null, role: "admin" },
  boss: { tenant: "marketing", role: "admin" },
  manager: { tenant: "marketing", role: "agent_manager" },
  user: { tenant: "marketing", role: "user" },
  engineer: { tenant: "engineering", role: "admin" },
  plain: { tenant: "plain", role: "admin" },
});

let state: Database;
let cell: FakeCellAgent;
let engineering: FakeCellAgent;
let door: Admin;
let second: Admin;

beforeAll(async () => {
  state = await openState();
  cell = await FakeCellAgent.open();
  engineering = await FakeCellAgent.open();
  const agentUrls = new Map([
    ["marketing", cell.url],
    ["engineering", engineering.url],
  ]);
  const options = { records: () => who.records, agentUrls };
  door = await openAdmin(state, { ...options, replica: "first" });
  second = await openAdmin(state, { ...options, replica: "second" });
}, STARTING_MS);
beforeEach(async () => {
  await emptyState(state);
  Object.assign(cell, { agents: [], status: 200, puts: 0, refusedId: undefined });
  for (const { sync, directory, database, audited } of [door, second]) {
    database.reachable = true;
    audited.length = 0;
    await directory.refresh();
    await sync.reconcile();
  }
});
afterEach(() => {
  door.database.reachable = true;
});
afterAll(async () => {
  await door.close();
  await second.close();
  cell.close();
  engineering.close();
  await state.close();
});

async function call(method: "GET" | "POST" | "PATCH" | "DELETE", url: string, body?: unknown, as = "boss", at = door) {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
  const reply = await at.app.inject({ method, url, headers: { ...who.bearer(as), ...json }, ...payload });
  return { status: reply.statusCode, body: reply.json() };
}
const create = (id: string, extra: object = {}, as = "boss", at = door) =>
  call("POST", "/api/agents", { id, name: id, ...extra }, as, at);
const models = async (as: string, at = door) =>
  (await call("GET", "/v1/models", undefined, as, at)).body.data.map(({ id }: { id: string }) => id);

describe("an agent", () => {
  test("is made, run by its cell and a model of its tenant on every replica when that has been answered", async () => {
    const { status, body } = await create("support", { instructions: "Be brief.", skills: ["web-search"] });
    expect([status, body.state, body.model]).toEqual([201, "active", "openclaw/support"]);
    const spec = { id: "support", name: "support", instructions: "Be brief.", skills: ["web-search"] };
    expect([cell.agents, cell.authorization]).toEqual([[spec], "Bearer gateway-marketing"]);
    await second.directory.refresh();
    const all = ["openclaw", "openclaw/default", "openclaw/support"];
    expect([await models("user"), await models("user", second)]).toEqual([all, all]);
    expect([await models("engineer"), engineering.agents]).toEqual([["openclaw", "openclaw/default"], []]);
  });

  test("is changed and deleted, and its cell follows", async () => {
    await create("support");
    const changed = await call("PATCH", "/api/agents/support", { name: "Support", instructions: "New." });
    expect([changed.status, changed.body.name, cell.agents[0]?.instructions]).toEqual([200, "Support", "New."]);
    const deleted = await call("DELETE", "/api/agents/support");
    expect([deleted.status, deleted.body, cell.agents]).toEqual([200, { id: "support", state: "active" }, []]);
    expect((await call("DELETE", "/api/agents/support")).body.error.code).toBe("agent/not-found");
  });

  test("is kept when its cell does not take it, answered 202, and given to the cell later", async () => {
    cell.status = 503;
    const { status, body } = await create("support");
    expect([status, body.state]).toEqual([202, "pending"]);
    expect((await call("GET", "/api/agents")).body.agents.at(-1)).toMatchObject({ id: "support", state: "pending" });
    cell.status = 200;
    await door.sync.reconcile();
    expect(cell.agents.map(({ id }) => id)).toEqual(["support"]);
    expect((await call("GET", "/api/agents")).body.agents.at(-1)).toMatchObject({ id: "support", state: "active" });
  });

  test("that its cell takes at no time is not kept, and later changes are not held up by it", async () => {
    await create("support");
    cell.refusedId = "erased";
    const { status, body } = await create("erased");
    expect([status, body.error.code]).toEqual([409, "agent/refused"]);
    expect(await models("user")).toEqual(["openclaw", "openclaw/default", "openclaw/support"]);
    expect([(await create("other")).status, cell.agents.map(({ id }) => id)]).toEqual([201, ["other", "support"]]);
  });

  test("is given to its cell again by any replica when the cell has lost it, and not while the cell has it", async () => {
    await create("support");
    cell.agents = [];
    await second.sync.reconcile();
    expect([cell.agents.map(({ id }) => id), cell.puts]).toEqual([["support"], 2]);
    await second.sync.reconcile();
    await door.sync.reconcile();
    expect(cell.puts).toBe(2);
  });

  test("made while another is being given to the cell is not lost", async () => {
    await Promise.all([create("a"), create("b", {}, "boss", second), create("c")]);
    await door.sync.reconcile();
    expect(cell.agents.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  });

  test("leaves one admin record for each act", async () => {
    await create("support");
    await call("PATCH", "/api/agents/support", { name: "x" });
    await call("DELETE", "/api/agents/support");
    const common = {
      kind: "admin",
      decision: "allow",
      tenant: "marketing",
      target: "support",
      principal: who.id("boss"),
    };
    const acts = ["agent:create", "agent:update", "agent:delete"].map((action) => ({ ...common, action }));
    expect(door.audited).toMatchObject(acts);
  });
});

describe("a tenant's limit", () => {
  test("counts the default agent and holds when many are made at the same time on two replicas", async () => {
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, index) => create(`agent-${index}`, {}, "boss", index % 2 ? door : second)),
    );
    expect(replies.map(({ status }) => status).sort()).toEqual([...Array(3).fill(201), ...Array(9).fill(409)]);
    expect(new Set(replies.map(({ body }) => body.error?.code))).toEqual(new Set([undefined, "agent/limit"]));
    expect(cell.agents).toHaveLength(3);
  });

  test("is free again after an agent was deleted", async () => {
    for (const id of ["a", "b", "c"]) await create(id);
    expect((await create("d")).body.error.code).toBe("agent/limit");
    await call("DELETE", "/api/agents/a");
    expect((await create("d")).status).toBe(201);
  });

  test("is each tenant's own", async () => {
    for (const id of ["a", "b", "c"]) await create(id);
    expect((await create("a", {}, "engineer")).status).toBe(201);
  });
});

describe("what is refused", () => {
  const cases: readonly [
    string,
    () => Promise<{ status: number; body: { error: { code: string } } }>,
    number,
    string,
  ][] = [
    ["an id that is taken", () => create("support"), 409, "agent/exists"],
    ["the default agent's id", () => create("default"), 409, "agent/exists"],
    ["the cell's own id", () => create("main"), 409, "agent/exists"],
    ["an id that OpenClaw keeps", () => create("openclaw"), 409, "agent/exists"],
    ["an id that is a path", () => create("../x"), 400, "admin/invalid-body"],
    ["a skill that the tenant does not have", () => create("x", { skills: ["shell"] }), 400, "admin/invalid-body"],
    ["long instructions", () => create("x", { instructions: "x".repeat(20_001) }), 400, "admin/invalid-body"],
    ["deleting the default agent", () => call("DELETE", "/api/agents/default"), 409, "agent/default"],
    ["changing the default agent", () => call("PATCH", "/api/agents/default", { name: "x" }), 409, "agent/default"],
    ["changing nothing", () => call("PATCH", "/api/agents/support", {}), 400, "admin/invalid-body"],
    ["changing an unknown agent", () => call("PATCH", "/api/agents/nobody", { name: "x" }), 404, "agent/not-found"],
    [
      "another tenant's agent",
      () => call("DELETE", "/api/agents/support", undefined, "engineer"),
      404,
      "agent/not-found",
    ],
    ["a user's wish", () => create("x", {}, "user"), 403, "permission/denied"],
    ["a tenant whose cell takes no agents", () => create("x", {}, "plain"), 503, "agent/unavailable"],
    ["an admin who names no tenant", () => create("x", {}, "admin"), 400, "tenancy/missing"],
  ];
  test.each(cases)("%s", async (_name, attempt, status, code) => {
    await create("support");
    const before = cell.agents;
    const reply = await attempt();
    expect([reply.status, reply.body.error?.code, cell.agents]).toEqual([status, code, before]);
  });

  test("skills that an agent gains or loses need their own permissions", async () => {
    await create("support", { skills: ["web-search"] });
    const patch = (skills: string[] | null) => call("PATCH", "/api/agents/support", { skills }, "manager");
    for (const skills of [["web-search", "file-manager"], null, []]) {
      expect((await patch(skills)).body.error?.code).toBe("permission/denied");
    }
    expect((await patch(["web-search"])).status).toBe(200);
  });

  test("everything, while the database is gone, and nothing reaches the cell", async () => {
    door.database.reachable = false;
    const reply = await create("support");
    expect([reply.status, reply.body.error.code, cell.puts]).toEqual([503, "agent/unavailable", 0]);
  });
});
