import fc from "fast-check";
import { expect, test } from "vitest";
import { PERMISSIONS, PermissionSet, permits, permitsRole } from "../../../../runtime/identity/index.ts";

const roles = [
  { name: "admin", permissions: ["*"] },
  { name: "agent_manager", permissions: ["agent:create", "agent:update", "agent:delete", "skill:install"] },
  { name: "user", permissions: ["agent:chat", "agent:view"] },
  { name: "auditor", permissions: ["log:view", "audit:export"] },
];

test("the roles of the source may do what they list and nothing else", () => {
  const may = permitsRole(roles);
  const needed = ["agent:chat", "agent:view", "log:view"];
  expect(roles.map(({ name }) => needed.filter((permission) => may(name, permission)))).toEqual([
    needed,
    [],
    ["agent:chat", "agent:view"],
    ["log:view"],
  ]);
});

test("a role that the settings do not know may do nothing", () => {
  const may = permitsRole(roles);
  fc.assert(fc.property(fc.string(), (role) => roles.some(({ name }) => name === role) || !may(role, "agent:chat")));
  expect(may("__proto__", "agent:chat")).toBe(false);
});

test("an area wildcard covers its area only", () => {
  expect(permits(["agent:*"], "agent:chat")).toBe(true);
  expect(permits(["agent:*"], "agents:chat")).toBe(false);
  expect(permits(["agent"], "agent:chat")).toBe(false);
  expect(permits([":*"], "agent:chat")).toBe(false);
  expect(permits(["agent:ch*"], "agent:chat")).toBe(false);
});

test("the answers worked out beforehand are those of the rule, for every list of permissions", () => {
  const grant = fc.oneof(fc.constantFrom("*", "agent:*", "key:*", ":*", "agent", "x:y", ...PERMISSIONS), fc.string());
  fc.assert(
    fc.property(
      fc.array(grant, { maxLength: 5 }),
      fc.oneof(fc.constantFrom(...PERMISSIONS), fc.string()),
      (granted, needed) => {
        expect(new PermissionSet(granted).allows(needed)).toBe(permits(granted, needed));
      },
    ),
    { numRuns: 2000 },
  );
});

test("whoever covers a role may do everything that it may do", () => {
  const grant = fc.constantFrom("*", "agent:*", "key:*", ...PERMISSIONS);
  const list = fc.array(grant, { maxLength: 6 });
  fc.assert(
    fc.property(list, list, (has, wants) => {
      const [maker, role] = [new PermissionSet(has), new PermissionSet(wants)];
      fc.pre(maker.covers(role));
      for (const permission of [...PERMISSIONS, "agent:later"]) {
        if (role.allows(permission)) expect(maker.allows(permission)).toBe(true);
      }
    }),
    { numRuns: 2000 },
  );
});
