import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import guard from "../../../../runtime/cell/plugins/cell-guard/index.ts";
import type {
  AgentTool,
  ModelProvider,
  OpenClawPluginApi,
  PluginHooks,
} from "../../../../runtime/cell/plugins/cell-guard/openclaw-plugin-api.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breakwater-guard-"));
  writeFileSync(join(folder, "agents.json"), JSON.stringify({ revision: "r1", instructions: { support: "Be kind." } }));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Methods = Readonly<Record<string, (params: unknown) => { readonly ok: boolean; readonly payload: unknown }>>;

/** Registers the plugin with a recording API, as OpenClaw does at start. */
function load(pluginConfig: unknown = config(), entries: object = { main: {} }) {
  const hooks: Partial<PluginHooks> = {};
  const methods: Record<string, Methods[string]> = {};
  const scopes: Record<string, string> = {};
  const seen: { tool?: AgentTool; provider?: ModelProvider } = {};
  const api: OpenClawPluginApi = {
    pluginConfig,
    config: {},
    runtime: {
      agent: { resolveAgentWorkspaceDir: (_, agentId) => join(folder, agentId) },
      config: { current: () => ({ agents: { entries } }) },
    },
    on: (hook, handler) => Object.assign(hooks, { [hook]: handler }),
    registerTool: (factory) => {
      seen.tool = factory({ agentId: "main" });
    },
    registerProvider: (provider) => {
      seen.provider = provider;
    },
    registerGatewayMethod: (name, handler, { scope }) => {
      scopes[name] = scope;
      methods[name] = (params) => {
        let answer: { ok: boolean; payload: unknown } | undefined;
        handler({
          params,
          respond: (ok, payload, error) => {
            answer = { ok, payload: payload ?? error };
          },
        });
        if (answer === undefined) throw new Error("no answer");
        return answer;
      };
    },
  };
  guard.register(api);
  const { tool, provider } = seen;
  if (tool === undefined || provider === undefined) throw new Error("nothing registered");
  return { hooks: hooks as PluginHooks, tool, provider, methods: methods as Methods, scopes };
}

const config = () => ({
  blockedCommands: ["mkfs"],
  auditFile: join(folder, "logs/audit.jsonl"),
  stateFolder: folder,
  skills: ["web-search"],
  agentsFile: join(folder, "agents.json"),
});
const audit = () =>
  readFileSync(join(folder, "logs/audit.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l));

describe("the guard", () => {
  test("blocks a blocked command and records who asked and which rule, not what", () => {
    const { hooks } = load();
    const decision = hooks.before_tool_call(
      { toolName: "exec", params: { command: "mkfs /dev/secret" }, toolCallId: "c1" },
      { agentId: "main", sessionKey: "agent:main:openai-user:abc", runId: "r1", trace: { traceId: "t1" } },
    );
    expect(decision).toEqual({ block: true, blockReason: 'policy: commands with "mkfs" are blocked' });
    const [record] = audit();
    expect(record).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: "called",
      time: record.time,
      agent: "default",
      session: "agent:main:openai-user:abc",
      conversation: "abc",
      trace_id: "t1",
      run: "r1",
      call: "c1",
      tool: "exec",
      decision: "deny",
      rule: "mkfs",
      skill: null,
      outcome: null,
      duration_ms: null,
    });
  });

  test("lets other calls pass and records them without their content", () => {
    const { hooks } = load();
    expect(hooks.before_tool_call({ toolName: "exec", params: { command: "ls secret" } }, {})).toBeUndefined();
    expect(audit()[0]).toMatchObject({ tool: "exec", decision: "allow", rule: null });
    expect(JSON.stringify(audit())).not.toContain("secret");
  });

  test("records what became of an allowed call, and nothing more of a denied one", () => {
    const { hooks } = load();
    const ok = { toolName: "exec", params: { command: "ls" }, durationMs: 12.4 };
    hooks.after_tool_call(ok, {});
    hooks.after_tool_call({ ...ok, error: "secret failure" }, {});
    hooks.after_tool_call({ toolName: "exec", params: { command: "mkfs" }, error: "blocked" }, {});
    expect(audit()).toMatchObject([
      { kind: "finished", outcome: "ok", duration_ms: 12 },
      { kind: "finished", outcome: "error", duration_ms: 12 },
    ]);
    expect(JSON.stringify(audit())).not.toContain("secret");
    expect(audit()).toHaveLength(2);
  });

  test("throws, so that OpenClaw blocks the call, when the record cannot be written", () => {
    writeFileSync(join(folder, "file"), "");
    const { hooks } = load({ ...config(), auditFile: join(folder, "file", "audit.jsonl") });
    expect(() => hooks.before_tool_call({ toolName: "read", params: {} }, {})).toThrow();
  });

  test("tells an agent its instructions, and what they are from then on when they change", () => {
    const { hooks } = load();
    expect(hooks.before_prompt_build({}, { agentId: "support" })).toEqual({ appendSystemContext: "Be kind." });
    for (const agentId of ["main", "sales", "constructor", "__proto__"]) {
      expect(hooks.before_prompt_build({}, { agentId })).toBeUndefined();
    }
    rmSync(join(folder, "agents.json"));
    expect(hooks.before_prompt_build({}, { agentId: "support" })).toEqual({ appendSystemContext: "Be kind." });
    writeFileSync(join(folder, "agents.json"), JSON.stringify({ revision: "r2", instructions: { main: "Be brief." } }));
    expect(hooks.before_prompt_build({}, {})).toEqual({ appendSystemContext: "Be brief." });
  });

  test.each([
    ["nothing", () => null],
    ["an empty object", () => ({})],
    ["a relative path", () => ({ ...config(), auditFile: "relative" })],
    ["an empty text", () => ({ ...config(), blockedCommands: [""] })],
    ["no skills", () => ({ ...config(), skills: undefined })],
  ])("does not load with %s for a configuration", (_, bad) => {
    expect(() => load(bad())).toThrow(TypeError);
  });

  test("does not load without its file of instructions", () => {
    expect(() => load({ ...config(), agentsFile: join(folder, "none.json") })).toThrow();
    writeFileSync(join(folder, "bad.json"), '{"revision":"r","instructions":{"main":7}}');
    expect(() => load({ ...config(), agentsFile: join(folder, "bad.json") })).toThrow(TypeError);
  });
});

describe("the guard's gateway methods", () => {
  test("say what OpenClaw runs with and of whom data is left", () => {
    mkdirSync(join(folder, "agents/support/agent"), { recursive: true });
    mkdirSync(join(folder, "workspace-sales-team-0a1b2c3d"));
    mkdirSync(join(folder, "workspace"));
    const { methods } = load(config(), {
      main: {},
      sales: { name: "S", model: { primary: "router/m" }, skills: ["a"] },
    });
    expect(methods["cell-guard.status"]?.({}).payload).toEqual({
      revision: "r1",
      agents: [
        { id: "main", name: null, model: null, skills: null },
        { id: "sales", name: "S", model: "router/m", skills: ["a"] },
      ],
      agentsWithData: ["sales-team", "support"],
    });
  });

  test("erase the workspace and archives of a deleted agent and of no other", () => {
    for (const name of [
      "workspace-a-00000000",
      "workspace-a-b-00000000",
      "workspace",
      "agents/a/sessions",
      "agents/a/agent",
    ]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    const { methods } = load();
    expect(methods["cell-guard.erase"]?.({ agent: "a" })).toEqual({ ok: true, payload: { erased: true } });
    expect(methods["cell-guard.status"]?.({}).payload).toMatchObject({ agentsWithData: ["a", "a-b"] });
    expect(() => readFileSync(join(folder, "workspace-a-00000000"))).toThrow("ENOENT");
    expect(() => readFileSync(join(folder, "agents/a/sessions"))).toThrow("ENOENT");
    expect(() => readFileSync(join(folder, "agents/a/agent"))).toThrow("EISDIR");
  });

  test.each([["main"], ["sales"], ["../main"], [""], [7], [undefined]])("do not erase %j", (agent) => {
    const { methods } = load(config(), { main: {}, sales: {} });
    expect(methods["cell-guard.erase"]?.({ agent })).toMatchObject({ ok: false, payload: { code: "INVALID_REQUEST" } });
  });

  test("need as much as they do: reading, delivering, erasing", () => {
    expect(load().scopes).toEqual({
      "cell-guard.status": "operator.read",
      "cell-guard.delivered": "operator.write",
      "cell-guard.erase": "operator.admin",
    });
  });
});

describe("memory_write", () => {
  test("writes into the workspace of the agent that calls it", async () => {
    const { tool } = load();
    const result = await tool.execute("c1", { text: "the sky is blue", path: "../../etc/passwd" });
    expect(result.details["written"]).toBe(true);
    expect(readFileSync(join(folder, "main", String(result.details["path"])), "utf8")).toBe("- the sky is blue\n");
  });

  test("tells the agent why a fact was not written", async () => {
    const { tool } = load();
    expect((await tool.execute("c1", { text: "" })).details).toEqual({ written: false, reason: "text is empty" });
    expect((await tool.execute("c1", null)).details).toEqual({ written: false, reason: "text must be a string" });
  });
});
