import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { permitsRole } from "../../../../runtime/identity/index.ts";
import type { Database } from "../../../../runtime/state/index.ts";
import { emptyState, openState, STARTING_MS } from "../identity/fixture.ts";
import { type Admin, deploymentKeys, openAdmin, ROLES } from "./admin-fixture.ts";

const who = deploymentKeys({
  admin: { tenant: null, role: "admin" },
  manager: { tenant: "marketing", role: "key_manager", limits: { requests_per_minute: 50 } },
  user: { tenant: "marketing", role: "user" },
  other: { tenant: "engineering", role: "user" },
});

let state: Database;
let door: Admin;
let second: Admin;

beforeAll(async () => {
  state = await openState();
  await emptyState(state);
  const options = { records: () => who.records, agentUrls: new Map() };
  door = await openAdmin(state, { ...options, replica: "first" });
  second = await openAdmin(state, { ...options, replica: "second" });
}, STARTING_MS);
beforeEach(() => {
  door.audited.length = 0;
  for (const { database } of [door, second]) Object.assign(database, { reachable: true, deaf: false });
});
afterAll(async () => {
  await door.close();
  await second.close();
  await state.close();
});

interface Call {
  readonly as?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly at?: Admin;
}

async function call(
  method: "GET" | "POST" | "DELETE",
  url: string,
  { as = "admin", body, headers = {}, at = door }: Call = {},
) {
  const json = body === undefined ? {} : { "content-type": "application/json" };
  const reply = await at.app.inject({
    method,
    url,
    headers: { ...who.bearer(as), ...json, ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: reply.statusCode, body: reply.json(), text: reply.body };
}

const create = (body: object, options: Call = {}) =>
  call("POST", "/api/keys", { ...options, body: { tenant: "marketing", role: "user", ...body } });
const using = (key: string, at = door) =>
  at.app.inject({ url: "/v1/models", headers: { authorization: `Bearer ${key}` } });

describe("an API key", () => {
  test("is made, works on every replica at once, and is shown once", async () => {
    const { status, body } = await create({ label: "Ana's laptop", expires_in_days: 30 });
    expect([status, body.effective]).toEqual([201, "now"]);
    expect(body.record).toMatchObject({
      ...{ tenant: "marketing", role: "user", label: "Ana's laptop", status: "active", source: "api" },
      expires: "2026-12-23T12:00:00.000Z",
    });
    expect([(await using(body.key)).statusCode, (await using(body.key, second)).statusCode]).toEqual([200, 200]);
    expect((await call("GET", "/api/keys")).text).not.toContain(body.key.slice(12));
  });

  test("is refused by every replica when its revocation has been answered", async () => {
    const made = await create({});
    const { status, body } = await call("DELETE", `/api/keys/${made.body.record.id}`, { at: second });
    expect([status, body.effective, body.record.status]).toEqual([200, "now", "revoked"]);
    for (const at of [door, second]) {
      const reply = await using(made.body.key, at);
      expect([reply.statusCode, reply.json().error.code]).toEqual([401, "identity/revoked-key"]);
    }
    expect((await call("DELETE", `/api/keys/${made.body.record.id}`)).status).toBe(200);
  });

  test("is rotated with an overlap, and both answer meanwhile", async () => {
    const made = await create({ limits: { concurrent_requests: 2 } });
    const { status, body } = await call("POST", `/api/keys/${made.body.record.id}/rotate`, {
      body: { overlap_seconds: 60 },
    });
    expect(status).toBe(201);
    expect(body.record).toMatchObject({ replaces: made.body.record.id, limits: { concurrent_requests: 2 } });
    expect(body.replaced).toMatchObject({ status: "replaced", accepted_until: "2026-11-23T12:01:00.000Z" });
    expect([(await using(made.body.key)).statusCode, (await using(body.key)).statusCode]).toEqual([200, 200]);
  });

  test("is rotated without a body: the old one is refused at once", async () => {
    const made = await create({});
    const { status } = await call("POST", `/api/keys/${made.body.record.id}/rotate`);
    expect([status, (await using(made.body.key, second)).statusCode]).toEqual([201, 401]);
  });

  test("whose change a replica has not confirmed is stored, and the answer says how many are missing", async () => {
    second.database.deaf = true;
    const { status, body } = await create({});
    expect([status, body.effective, body.replicas_missing]).toEqual([201, "pending", 1]);
    await second.keyring.check();
    expect((await using(body.key, second)).statusCode).toBe(200);
  });

  test("cannot be made or revoked while the database is gone", async () => {
    door.database.reachable = false;
    const made = await create({});
    const revoked = await call("DELETE", `/api/keys/${who.id("user")}`);
    expect([made.status, made.body.error.code]).toEqual([503, "identity/unavailable"]);
    expect([revoked.status, revoked.body.error.code]).toEqual([503, "identity/unavailable"]);
  });
});

describe("nobody gains by making a key", () => {
  const cases: readonly [string, Call & { body: object }, number, string][] = [
    ["another tenant's", { as: "manager", body: { tenant: "engineering" } }, 403, "key/escalation"],
    ["a tenantless one", { as: "manager", body: { tenant: null } }, 403, "key/escalation"],
    ["a wider role", { as: "manager", body: { role: "admin" } }, 403, "key/escalation"],
    ["a wider limit", { as: "manager", body: { limits: { requests_per_minute: 51 } } }, 403, "key/escalation"],
    ["an unknown role", { body: { role: "root" } }, 400, "key/unknown-role"],
    ["an unknown tenant's", { body: { tenant: "nobody" } }, 404, "tenancy/unknown"],
    ["beside the narrowed tenant", { headers: { "x-tenant-id": "engineering" }, body: {} }, 403, "key/escalation"],
    ["a body with another field", { body: { permissions: ["*"] } }, 400, "admin/invalid-body"],
    ["a limit smaller than the replicas", { body: { limits: { concurrent_requests: 1 } } }, 400, "admin/invalid-body"],
    ["a negative life", { body: { expires_in_days: -1 } }, 400, "admin/invalid-body"],
    ["without the permission", { as: "user", body: {} }, 403, "permission/denied"],
  ];
  test.each(cases)("%s is refused and recorded as denied", async (_name, { body, ...options }, status, code) => {
    const reply = await create(body, options);
    expect([reply.status, reply.body.error?.code]).toEqual([status, code]);
    expect(door.audited).toMatchObject([{ kind: "admin", action: "key:create", decision: "deny", code, status }]);
  });

  test("a manager's keys have its own limits where it asks for none", async () => {
    const { body } = await create({}, { as: "manager" });
    expect(body.record.limits).toEqual({ requests_per_minute: 50 });
  });

  test("rotating a key with more rights than one's own is refused: it would give away its secret", async () => {
    const admins = await create({ role: "admin" });
    const { status, body } = await call("POST", `/api/keys/${admins.body.record.id}/rotate`, { as: "manager" });
    expect([status, body.error.code]).toEqual([403, "key/escalation"]);
  });

  test("a bound manager neither sees nor revokes nor rotates another tenant's key, and does not learn that it exists", async () => {
    const other = who.id("other");
    const replies = [
      await call("DELETE", `/api/keys/${other}`, { as: "manager" }),
      await call("POST", `/api/keys/${other}/rotate`, { as: "manager" }),
      await call("DELETE", "/api/keys/nokey123", { as: "manager" }),
    ];
    expect(replies.map(({ body }) => body.error.code)).toEqual(["key/not-found", "key/not-found", "key/not-found"]);
    const messages = new Set(replies.map(({ body }) => body.error.message));
    expect(messages.size).toBe(1);
    const { body } = await call("GET", "/api/keys", { as: "manager" });
    expect(new Set(body.keys.map(({ tenant }: { tenant: string }) => tenant))).toEqual(new Set(["marketing"]));
    expect((await call("GET", "/api/keys?tenant=engineering", { as: "manager" })).body.error.code).toBe(
      "tenancy/mismatch",
    );
  });

  test("whoever asks for whatever, the key that is made may do nothing that its maker may not", async () => {
    const may = permitsRole(ROLES);
    const probes = ["agent:chat", "agent:view", "agent:create", "log:view", "audit:export", "key:create", "usage:view"];
    const role = fc.constantFrom(...ROLES.map(({ name }) => name));
    const tenant = fc.constantFrom("marketing", "engineering", null);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom("admin", "manager", "user"), role, tenant, async (as, wanted, owner) => {
        const { status, body } = await create({ role: wanted, tenant: owner }, { as });
        if (status !== 201) return;
        const maker = who.records.find(({ id }) => id === who.id(as));
        for (const probe of probes) if (may(wanted, probe)) expect(may(maker?.role ?? "", probe)).toBe(true);
        expect([null, body.record.tenant]).toContain(maker?.tenant);
      }),
      { numRuns: 60 },
    );
  });
});

describe("what is left behind", () => {
  test("every act leaves one admin record with the key as its target and under its tenant", async () => {
    const { body } = await create({});
    const { id } = body.record;
    const rotated = await call("POST", `/api/keys/${id}/rotate`);
    await call("DELETE", `/api/keys/${rotated.body.record.id}`);
    const common = { kind: "admin", decision: "allow", code: "ok", tenant: "marketing", principal: who.id("admin") };
    expect(door.audited).toMatchObject([
      { ...common, action: "key:create", target: id, status: 201 },
      { ...common, action: "key:rotate", target: id, status: 201 },
      { ...common, action: "key:revoke", target: rotated.body.record.id, status: 200 },
    ]);
  });

  test("no secret and no hash is in an answer other than the first, in a record or in the log", async () => {
    const { body } = await create({});
    const list = await call("GET", "/api/keys");
    await call("POST", `/api/keys/${body.record.id}/rotate`, { body: { overlap_seconds: "x" } });
    const rows = await state.query<{ sha256: string }>("select sha256 from api_keys where id = $1", [body.record.id]);
    const traces = JSON.stringify([list.body, door.audited, door.logged]);
    expect(rows[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    for (const secret of [body.key.slice(12), rows[0]?.sha256 ?? "missing"]) expect(traces).not.toContain(secret);
  });
});
