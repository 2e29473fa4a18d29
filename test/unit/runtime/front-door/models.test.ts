import { afterAll, expect, test } from "vitest";
import type { AgentDirectory } from "../../../../runtime/front-door/agents/directory.ts";
import { registerModels } from "../../../../runtime/front-door/reports/models.ts";
import { Keyring, Roles } from "../../../../runtime/identity/index.ts";
import { bareApp, deploymentKeys, NOW, noLimits, ROLES } from "./admin-fixture.ts";

const who = deploymentKeys({
  admin: { tenant: null, role: "admin" },
  user: { tenant: "marketing", role: "user" },
  auditor: { tenant: "marketing", role: "auditor" },
});
const support = { id: "support", name: "Support", instructions: "", skills: null };
const agent = { ...support, created: "2026-11-23T10:00:00.000Z", updated: "2026-11-23T10:00:00.000Z" };
const directory: AgentDirectory = {
  has: () => false,
  list: (tenant) => (tenant === "marketing" ? [agent] : []),
  refresh: async () => {},
  close: async () => {},
};
const { app, audit } = bareApp();
const keyring = new Keyring(who.records, { roles: new Roles(ROLES) });
const served = new Set(["marketing", "engineering"]);
registerModels(app, { keyring: () => keyring, limiter: noLimits(), audit, now: () => NOW, served, directory });
afterAll(() => app.close());

const get = async (url: string, as = "user", headers: Record<string, string> = {}) => {
  const reply = await app.inject({ url, headers: { ...who.bearer(as), ...headers } });
  return { status: reply.statusCode, body: reply.json() };
};

test("a tenant's agents are listed as models in OpenAI's shape", async () => {
  const model = (id: string, created: number) => ({ id, object: "model", created, owned_by: "marketing" });
  const data = [model("openclaw", 0), model("openclaw/default", 0), model("openclaw/support", 1_795_428_000)];
  expect((await get("/v1/models")).body).toEqual({ object: "list", data });
});

test("a model is found by its name, however the slash is sent", async () => {
  for (const name of ["openclaw%2Fsupport", "openclaw/support", "openclaw"]) {
    expect((await get(`/v1/models/${name}`)).body.id).toBe(decodeURIComponent(name));
  }
});

test("an unknown model, and another tenant's, is 404 with the same code", async () => {
  for (const [as, headers] of [
    ["user", {}],
    ["admin", { "x-tenant-id": "engineering" }],
  ] as const) {
    const { status, body } = await get("/v1/models/openclaw/nobody", as, headers);
    expect([status, body.error.code]).toEqual([404, "model/unknown"]);
  }
  const other = await get("/v1/models/openclaw/support", "admin", { "x-tenant-id": "engineering" });
  expect(other.body.error.code).toBe("model/unknown");
});

test("models need agent:view and a tenant", async () => {
  expect((await get("/v1/models", "auditor")).body.error.code).toBe("permission/denied");
  expect((await get("/v1/models", "admin")).body.error.code).toBe("tenancy/missing");
});
