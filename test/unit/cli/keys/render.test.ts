import { expect, test } from "vitest";
import { renderAgents, renderKeys, renderNewKey, renderRevoked } from "../../../../cli/keys/render.ts";

const record = {
  ...{ id: "abcdefgh", tenant: "marketing", role: "user", label: "Ana", expires: null, status: "active" },
  ...{ accepted_until: null, source: "api" },
};

test("keys stand in columns", () => {
  const replaced = {
    ...record,
    id: "zzzzzzzz",
    tenant: null,
    status: "replaced",
    accepted_until: "2026-11-23T12:01:00.000Z",
  };
  expect(renderKeys([record, { ...replaced, label: null }])).toBe(
    [
      "ID        TENANT     ROLE  STATUS                   EXPIRES  MADE BY  LABEL",
      "abcdefgh  marketing  user  active                   never    api      Ana",
      "zzzzzzzz  (none)     user  until 2026-11-23 12:01Z  never    api",
    ].join("\n"),
  );
});

test("a new key stands alone on the first line, once, with the warning that it is not shown again", () => {
  const text = renderNewKey({ key: "bw_abcdefgh_secret", record, effective: "now" });
  expect(text.split("\n")[0]).toBe("bw_abcdefgh_secret");
  expect(text.match(/secret\b/g)).toHaveLength(1);
  expect(text).toContain("the only time that the key is shown");
});

test("a change that a replica has not confirmed says so", () => {
  expect(renderRevoked({ record, effective: "pending", replicas_missing: 1 })).toContain("PENDING: 1 of");
  expect(renderRevoked({ record, effective: "now" })).not.toContain("PENDING");
});

test("agents are counted against the limit", () => {
  const agent = { id: "support", name: "Support", model: "openclaw/support", skills: [], state: "pending" } as const;
  expect(renderAgents({ max_agents: 3, agents: [agent] })).toContain("pending  (none)\n\n1 of 3 agents");
});
