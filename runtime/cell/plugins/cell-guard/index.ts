import { blockedCommand } from "./blocked-commands.ts";
import { type GuardConfig, guardConfig } from "./guard-config.ts";
import { appendFact, FactRefused } from "./memory-file.ts";
import type {
  AgentTool,
  OpenClawPluginApi,
  ToolCallContext,
  ToolCallDecision,
  ToolCallEvent,
  ToolContext,
} from "./openclaw-plugin-api.ts";
import { appendToolAudit } from "./tool-audit.ts";

const plugin = {
  id: "cell-guard",
  name: "Cell Guard",
  description: "Denies blocked commands, records every tool call and lets the agent remember facts",
  register(api: OpenClawPluginApi): void {
    const config = guardConfig(api.pluginConfig);
    api.on("before_tool_call", (event, context) => decide(config, event, context, new Date()));
    api.registerTool((context) => memoryWrite(api, context), { name: "memory_write" });
  },
};

/** Records the call, then lets it pass (undefined) or blocks it. OpenClaw blocks the call too when this throws. */
function decide(
  config: GuardConfig,
  event: ToolCallEvent,
  context: ToolCallContext,
  now: Date,
): ToolCallDecision | undefined {
  const rule = blockedCommand(event.toolName, event.params, config.blockedCommands);
  appendToolAudit(config.auditFile, {
    time: now.toISOString(),
    tenant: config.tenant,
    agent: context.agentId ?? null,
    session: context.sessionKey ?? null,
    run: context.runId ?? null,
    call: event.toolCallId ?? null,
    tool: event.toolName,
    decision: rule === undefined ? "allow" : "deny",
    rule: rule ?? null,
  });
  return rule === undefined ? undefined : { block: true, blockReason: `policy: commands with "${rule}" are blocked` };
}

/**
 * Agents whose files live in a sandbox cannot write the memory of their cell; this tool does it for them, in the
 * gateway's process, with a path that the agent does not choose.
 */
function memoryWrite(api: OpenClawPluginApi, context: ToolContext): AgentTool {
  return {
    name: "memory_write",
    description:
      "Remember one durable fact: appends it to the agent's long-term memory, where memory_search finds it in later conversations. Use it when the user asks to remember something.",
    parameters: {
      type: "object",
      additionalProperties: false,
      required: ["text"],
      properties: { text: { type: "string", description: "The fact, one or two sentences, understandable alone." } },
    },
    execute: async (_callId, params) => {
      const workspace = api.runtime.agent.resolveAgentWorkspaceDir(api.config, context.agentId ?? "main");
      try {
        const path = appendFact(workspace, (params as { readonly text?: unknown } | null)?.text, new Date());
        return { content: [{ type: "text", text: `Remembered in ${path}.` }], details: { written: true, path } };
      } catch (error) {
        if (!(error instanceof FactRefused)) throw error;
        return {
          content: [{ type: "text", text: `Not remembered: ${error.message}.` }],
          details: { written: false, reason: error.message },
        };
      }
    },
  };
}

// biome-ignore lint/style/noDefaultExport: OpenClaw loads a plugin by its default export
export default plugin;
