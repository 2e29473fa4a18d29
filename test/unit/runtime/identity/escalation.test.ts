import fc from "fast-check";
import { expect, test } from "vitest";
import {
  escalationOf,
  inheritedExpiry,
  inheritedLimits,
  type Maker,
  PERMISSIONS,
  PermissionSet,
  Roles,
} from "../../../../runtime/identity/index.ts";
import type { Limits } from "../../../../runtime/settings/services.ts";

const now = new Date("2026-11-23T12:00:00Z");
const ROLES = [
  { name: "admin", permissions: ["*"] },
  { name: "agent_manager", permissions: ["agent:create", "agent:update", "agent:delete", "skill:install"] },
  { name: "user", permissions: ["agent:chat", "agent:view"] },
  { name: "keys", permissions: ["key:*", "agent:chat"] },
  { name: "chat", permissions: ["agent:chat"] },
  { name: "nothing", permissions: [] },
];
const roles = new Roles(ROLES);

const tenant = fc.constantFrom("marketing", "engineering", null);
const limit = fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined });
const limits: fc.Arbitrary<Limits> = fc
  .record({ requests_per_minute: limit, concurrent_requests: limit })
  .map((given) => Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
const expires = fc.constantFrom(null, "2026-11-25T12:00:00.000Z", "2026-12-25T12:00:00.000Z");
const maker: fc.Arbitrary<Maker> = fc.record({
  keyId: fc.constant("makermak"),
  tenant,
  limits,
  expires,
  permissions: fc.constantFrom(...ROLES).map(({ name }) => roles.of(name)),
});
const request = fc.record({
  tenant,
  role: fc.constantFrom(...ROLES.map(({ name }) => name), "unknown"),
  limits,
  days: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
});

test("whatever is asked for, a key that is made has no right that its maker lacks", () => {
  let allowed = 0;
  fc.assert(
    fc.property(maker, request, (by, { days, ...asked }) => {
      const made = { ...asked, limits: inheritedLimits(by, asked.limits), expires: inheritedExpiry(by, days, now) };
      if (escalationOf(by, made, roles) !== undefined) return;
      allowed += 1;
      if (by.tenant !== null) expect(made.tenant).toBe(by.tenant);
      for (const permission of [...PERMISSIONS, "key:later", "later:x"]) {
        expect(roles.of(made.role).allows(permission) && !by.permissions.allows(permission)).toBe(false);
      }
      for (const name of ["requests_per_minute", "concurrent_requests"] as const) {
        expect(made.limits[name] ?? Infinity).toBeLessThanOrEqual(by.limits[name] ?? Infinity);
      }
      if (by.expires !== null)
        expect(Date.parse(made.expires ?? "9999-01-01")).toBeLessThanOrEqual(Date.parse(by.expires));
    }),
    { numRuns: 20_000 },
  );
  // A property that refuses everything would hold too.
  expect(allowed).toBeGreaterThan(1000);
});

test("a chain of keys, each made by the one before, never gains a right", () => {
  fc.assert(
    fc.property(maker, fc.array(request, { maxLength: 6 }), (first, requests) => {
      let by = first;
      for (const { days, ...asked } of requests) {
        const made = { ...asked, limits: inheritedLimits(by, asked.limits), expires: inheritedExpiry(by, days, now) };
        if (escalationOf(by, made, roles) === undefined) by = { ...made, keyId: "x", permissions: roles.of(made.role) };
      }
      for (const permission of PERMISSIONS) {
        if (by.permissions.allows(permission)) expect(first.permissions.allows(permission)).toBe(true);
      }
      if (first.tenant !== null) expect(by.tenant).toBe(first.tenant);
    }),
    { numRuns: 5000 },
  );
});

test("each way to gain is named", () => {
  const by: Maker = {
    keyId: "makermak",
    tenant: "marketing",
    limits: { requests_per_minute: 5 },
    permissions: new PermissionSet(["agent:chat"]),
    expires: "2026-12-25T12:00:00.000Z",
  };
  const mine = { tenant: "marketing", role: "chat", limits: { requests_per_minute: 5 }, expires: by.expires };
  expect(escalationOf(by, mine, roles)).toBeUndefined();
  expect([
    escalationOf(by, { ...mine, tenant: "engineering" }, roles),
    escalationOf(by, { ...mine, tenant: null }, roles),
    escalationOf(by, { ...mine, role: "user" }, roles),
    escalationOf(by, { ...mine, limits: { requests_per_minute: 6 } }, roles),
    escalationOf(by, { ...mine, limits: {} }, roles),
    escalationOf(by, { ...mine, expires: null }, roles),
  ]).toEqual([
    "a key of another tenant than the maker's",
    "a key of another tenant than the maker's",
    "a role that may do what the maker may not",
    "requests_per_minute above the maker's own",
    "requests_per_minute above the maker's own",
    "a key that outlives the maker's",
  ]);
});
