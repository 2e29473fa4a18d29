import { describe, expect, test } from "vitest";
import { calledRecord, MAX_NAME } from "../../../../runtime/cell/plugins/cell-guard/tool-record.ts";

const facts = {
  id: "i",
  now: new Date("2026-11-23T00:00:00Z"),
  inbound: undefined,
  rule: undefined,
  skills: ["web-search"],
};

describe("the record of a tool call", () => {
  test("is in the caller's trace before OpenClaw's own", () => {
    const inbound = { traceId: "a".repeat(32), spanId: "b".repeat(16), flags: "01" };
    const context = { trace: { traceId: "c".repeat(32) } };
    expect(calledRecord({ toolName: "t" }, context, { ...facts, inbound }).trace_id).toBe("a".repeat(32));
    expect(calledRecord({ toolName: "t" }, context, facts).trace_id).toBe("c".repeat(32));
    expect(calledRecord({ toolName: "t" }, {}, facts).trace_id).toBeNull();
  });

  test.each([
    ["agent:main:openai-user:0a1b", "0a1b"],
    ["agent:support:openai-user:a:b", "a:b"],
    ["agent:main:openai:5f0e", null],
    ["agent:main:main", null],
    [undefined, null],
  ])("of the session %j belongs to the conversation %j", (sessionKey, conversation) => {
    const context = sessionKey === undefined ? {} : { sessionKey };
    expect(calledRecord({ toolName: "t" }, context, facts).conversation).toBe(conversation);
  });

  test.each([
    ["read", "/workspace/x/workspace/skills/web-search/SKILL.md", "web-search"],
    ["read", "skills/web-search/SKILL.md", "web-search"],
    ["read", "skills/unknown/SKILL.md", null],
    ["read", "myskills/web-search/SKILL.md", null],
    ["read", "skills/web-search/other.md", null],
    ["write", "skills/web-search/SKILL.md", null],
  ])("that %ss %s names the skill %j", (toolName, path, skill) => {
    expect(calledRecord({ toolName, params: { path } }, {}, facts).skill).toBe(skill);
  });

  test("keeps names that a model made up short", () => {
    const long = "x".repeat(10_000);
    const record = calledRecord({ toolName: long, toolCallId: long }, { agentId: long, sessionKey: long }, facts);
    expect(record).toMatchObject({ tool: "x".repeat(MAX_NAME), call: "x".repeat(MAX_NAME) });
    expect(JSON.stringify(record).length).toBeLessThan(MAX_NAME * 8);
  });
});
