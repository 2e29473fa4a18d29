import fc from "fast-check";
import { expect, test } from "vitest";
import { permits, permitsRole } from "../../../../runtime/identity/index.ts";

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
