import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { chat, type FrontDoor, openFrontDoor, ROLES, TENANTS } from "./fixture.ts";

let door: FrontDoor;
beforeAll(async () => {
  door = await openFrontDoor();
});
afterAll(() => door.close());

const MAY: Readonly<Record<string, readonly string[]>> = {
  admin: ["chat", "memory", "audit"],
  agent_manager: [],
  user: ["chat", "memory"],
  auditor: ["audit"],
};

const tenantText = fc.oneof(
  fc.constantFrom(
    ...TENANTS,
    "Marketing",
    "marketing ",
    "marketing/../engineering",
    "%65ngineering",
    "nobody",
    "*",
    "",
  ),
  fc.string({ maxLength: 20 }).filter((text) => /^[\x20-\x7e]*$/.test(text)),
);
const hostile = fc.dictionary(
  fc.constantFrom(
    "x-openclaw-session-key",
    "x-openclaw-agent-id",
    "x-openclaw-scopes",
    "x-forwarded-for",
    "x-forwarded-user",
    "forwarded",
    "x-real-ip",
    "x-tenant",
    "host",
    "cookie",
  ),
  fc.constantFrom(...TENANTS, "1.2.3.4", "admin"),
  { maxKeys: 4 },
);

test("whoever asks for whatever, no request reaches a cell without permission or the cell of another tenant", async () => {
  const recorded = [vi.spyOn(door.audit, "append"), vi.spyOn(door.audit, "appendThen")];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...TENANTS, null),
      fc.constantFrom(...ROLES),
      fc.constantFrom("chat", "stream", "memory", "audit"),
      fc.option(tenantText, { nil: undefined }),
      tenantText,
      hostile,
      async (tenant, role, what, named, model, headers) => {
        door.seen.length = 0;
        for (const spy of recorded) spy.mockClear();
        const all = {
          ...headers,
          ...door.bearer(tenant, role),
          ...(named === undefined ? {} : { "x-tenant-id": named }),
        };
        const payload = chat({ stream: what === "stream", ...(model === "" ? {} : { model }) });
        const reply =
          what === "memory"
            ? await door.app.inject({ url: `/api/memory/search?q=${encodeURIComponent(model) || "x"}`, headers: all })
            : what === "audit"
              ? await door.app.inject({ url: `/api/audit/logs?tenant=${encodeURIComponent(model)}`, headers: all })
              : await door.app.inject({ method: "POST", url: "/v1/chat/completions", headers: all, payload });
        const allowed = MAY[role]?.includes(what === "stream" ? "chat" : what) ?? false;
        const acting = tenant ?? named?.trim();
        for (const seen of door.seen) {
          expect(allowed).toBe(true);
          expect(seen.tenant).toBe(acting);
          expect(named === undefined || named.trim() === seen.tenant).toBe(true);
          const sent = [
            "accept",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
            "traceparent",
            "x-breakwater-principal",
          ];
          expect(Object.keys(seen.headers).sort()).toEqual(sent);
          expect(seen.headers.host).toMatch(/^127\.0\.0\.1:\d+$/);
        }
        if (!allowed) expect([reply.statusCode >= 400, door.seen]).toEqual([true, []]);
        if (what === "audit" && reply.statusCode === 200 && tenant !== null) {
          expect(reply.json().records.every((record: { tenant: string }) => record.tenant === tenant)).toBe(true);
        }
        for (const other of TENANTS) {
          if (other !== acting && what !== "audit") expect(reply.body).not.toContain(`chatcmpl_${other}`);
        }
        expect(recorded.reduce((count, spy) => count + spy.mock.calls.length, 0)).toBe(1);
      },
    ),
    { numRuns: 400 },
  );
});

test("no conversation id that a client chooses leads into a session of another principal", async () => {
  const conversation = fc.string({ minLength: 1, maxLength: 40 }).filter((text) => /^[\x21-\x7e]+$/.test(text));
  const sessions = new Map<string, string>();
  const owners = [...TENANTS.map((tenant) => [tenant, "user"] as const), ["marketing", "admin"] as const];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...owners), conversation, fc.boolean(), async ([tenant, role], id, byHeader) => {
      door.seen.length = 0;
      const headers = { ...door.bearer(tenant, role), ...(byHeader ? { "x-conversation-id": id } : {}) };
      const payload = chat(byHeader ? { user: "ignored" } : { user: id });
      const reply = await door.app.inject({ method: "POST", url: "/v1/chat/completions", headers, payload });
      expect(reply.headers["x-conversation-id"]).toBe(id);
      const session = String(door.seen[0]?.body["user"]);
      expect(session).toMatch(/^[0-9a-f]{64}$/);
      const owner = `${tenant} ${role} ${id}`;
      expect(sessions.get(session) ?? owner).toBe(owner);
      sessions.set(session, owner);
    }),
    {
      numRuns: 200,
      examples: [
        [owners[0], "same", true],
        [owners[1], "same", true],
        [owners[3], "same", false],
      ],
    },
  );
});

test("the same principal continues its conversation, and without an id gets a new one each time", async () => {
  const ask = async (headers: Record<string, string>) => {
    door.seen.length = 0;
    const all = { ...door.bearer("marketing", "user"), ...headers };
    const reply = await door.app.inject({ method: "POST", url: "/v1/chat/completions", headers: all, payload: chat() });
    return { id: String(reply.headers["x-conversation-id"]), session: door.seen[0]?.body["user"] };
  };
  const [first, second] = [await ask({}), await ask({})];
  expect(first.session).not.toBe(second.session);
  expect((await ask({ "x-conversation-id": first.id })).session).toBe(first.session);
});
