import { afterAll, expect, test } from "vitest";
import { registerUsage, UsageAnswer } from "../../../../runtime/front-door/reports/usage.ts";
import { Keyring, Roles } from "../../../../runtime/identity/index.ts";
import type { Queries } from "../../../../runtime/state/index.ts";
import { bareApp, deploymentKeys, NOW, noLimits, ROLES } from "./admin-fixture.ts";

const who = deploymentKeys({
  admin: { tenant: null, role: "admin" },
  user: { tenant: "marketing", role: "user" },
  manyTenants: { tenant: null, role: "user" },
  auditor: { tenant: "marketing", role: "auditor" },
});
const use = {
  agent: null,
  provider: "echo",
  model: "echo-1",
  requests: 3,
  cached_requests: 0,
  tokens_in: 1,
  tokens_out: 2,
};
const USED = [
  { tenant: "marketing", month: "2026-11", cost_micro_usd: 700, ...use },
  { tenant: "engineering", month: "2026-11", cost_micro_usd: 900, ...use },
];
let reachable = true;
/** Answers as the tables of usage would; what SQL says of them, the budget's own tests show. */
const database: Queries = {
  query: async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    if (!reachable) throw new Error("connection refused");
    const [month, tenant] = values;
    const rows = text.includes("usage_monthly") ? USED : [];
    return rows
      .filter((row) => row.month === month && (tenant === null || row.tenant === tenant))
      .map(({ month: _, ...row }) => row) as object[] as Row[];
  },
};
const { app, audit } = bareApp();
const keyring = new Keyring(who.records, { roles: new Roles(ROLES) });
registerUsage(app, { keyring: () => keyring, limiter: noLimits(), audit, now: () => NOW, database });
afterAll(() => app.close());

const get = async (query: string, as: string, headers: Record<string, string> = {}) => {
  const reply = await app.inject({ url: `/api/usage${query}`, headers: { ...who.bearer(as), ...headers } });
  return { status: reply.statusCode, body: reply.json() };
};
const costs = (body: { tenants: { tenant: string; models: { cost_micro_usd: number }[] }[] }) =>
  body.tenants.map(({ tenant, models }) => [tenant, models.map((model) => model.cost_micro_usd)]);

test("an admin sees everybody's month, or one tenant's, in the documented shape", async () => {
  const { body } = await get("", "admin");
  expect(costs(body)).toEqual([
    ["engineering", [900]],
    ["marketing", [700]],
  ]);
  expect(UsageAnswer.strict().parse(body).month).toBe("2026-11");
  expect(costs((await get("?tenant=marketing&month=2026-11", "admin")).body)).toEqual([["marketing", [700]]]);
  expect(costs((await get("", "admin", { "x-tenant-id": "engineering" })).body)).toEqual([["engineering", [900]]]);
  expect(costs((await get("?month=2026-10", "admin")).body)).toEqual([]);
});

test("whoever may talk to a tenant's agents sees that tenant's use and no other", async () => {
  expect(costs((await get("", "user")).body)).toEqual([["marketing", [700]]]);
  expect((await get("?tenant=engineering", "user")).body.error.code).toBe("tenancy/mismatch");
});

test("a key of no tenant needs usage:view, and a bound one at least agent:view", async () => {
  const codes = await Promise.all(["manyTenants", "auditor"].map(async (as) => (await get("", as)).body.error.code));
  expect(codes).toEqual(["permission/denied", "permission/denied"]);
});

test("a month that is none is refused, and a database that is gone is 503", async () => {
  expect((await get("?month=2026-13", "admin")).body.error.code).toBe("request/invalid-query");
  reachable = false;
  const { status, body } = await get("", "admin");
  expect([status, body.error.code]).toEqual([503, "usage/unavailable"]);
});
