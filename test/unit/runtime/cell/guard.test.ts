import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import guard from "../../../../runtime/cell/plugins/cell-guard/index.ts";
import type { AgentTool, OpenClawPluginApi } from "../../../../runtime/cell/plugins/cell-guard/openclaw-plugin-api.ts";

type Hook = Parameters<OpenClawPluginApi["on"]>[1];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-guard-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Registers the plugin with a recording API, as OpenClaw does at start. */
function load(pluginConfig: unknown): { readonly hook: Hook; readonly tool: AgentTool } {
  const seen: { hook?: Hook; tool?: AgentTool } = {};
  guard.register({
    pluginConfig,
    config: {},
    runtime: { agent: { resolveAgentWorkspaceDir: (_, agentId) => join(folder, agentId) } },
    on: (_, hook) => {
      seen.hook = hook;
    },
    registerTool: (factory) => {
      seen.tool = factory({ agentId: "main" });
    },
  });
  if (seen.hook === undefined || seen.tool === undefined) throw new Error("nothing registered");
  return { hook: seen.hook, tool: seen.tool };
}

const config = () => ({ tenant: "marketing", blockedCommands: ["mkfs"], auditFile: join(folder, "logs/audit.jsonl") });
const audit = () =>
  readFileSync(join(folder, "logs/audit.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l));

describe("the guard", () => {
  test("blocks a blocked command and records who asked and which rule, not what", () => {
    const { hook } = load(config());
    const decision = hook(
      { toolName: "exec", params: { command: "mkfs /dev/secret" }, toolCallId: "c1" },
      { agentId: "main", sessionKey: "s1", runId: "r1" },
    );
    expect(decision).toEqual({ block: true, blockReason: 'policy: commands with "mkfs" are blocked' });
    const [record] = audit();
    expect(record).toEqual({
      time: record.time,
      tenant: "marketing",
      agent: "main",
      session: "s1",
      run: "r1",
      call: "c1",
      tool: "exec",
      decision: "deny",
      rule: "mkfs",
    });
  });

  test("lets other calls pass and records them without their content", () => {
    const { hook } = load(config());
    expect(hook({ toolName: "exec", params: { command: "ls secret" } }, {})).toBeUndefined();
    expect(audit()[0]).toMatchObject({ tool: "exec", decision: "allow", rule: null });
    expect(JSON.stringify(audit())).not.toContain("secret");
  });

  test("throws, so that OpenClaw blocks the call, when the record cannot be written", () => {
    writeFileSync(join(folder, "file"), "");
    const { hook } = load({ ...config(), auditFile: join(folder, "file", "audit.jsonl") });
    expect(() => hook({ toolName: "read", params: {} }, {})).toThrow();
  });

  test.each([
    [{}],
    [undefined],
    [{ tenant: "t", blockedCommands: ["a"], auditFile: "relative" }],
    [{ tenant: "t", blockedCommands: [""], auditFile: "/a" }],
  ])("does not load with the configuration %j", (bad) => {
    expect(() => load(bad)).toThrow(TypeError);
  });
});

describe("memory_write", () => {
  test("writes into the workspace of the agent that calls it", async () => {
    const { tool } = load(config());
    const result = await tool.execute("c1", { text: "the sky is blue", path: "../../etc/passwd" });
    expect(result.details["written"]).toBe(true);
    expect(readFileSync(join(folder, "main", String(result.details["path"])), "utf8")).toBe("- the sky is blue\n");
  });

  test("tells the agent why a fact was not written", async () => {
    const { tool } = load(config());
    expect((await tool.execute("c1", { text: "" })).details).toEqual({ written: false, reason: "text is empty" });
    expect((await tool.execute("c1", null)).details).toEqual({ written: false, reason: "text must be a string" });
  });
});
