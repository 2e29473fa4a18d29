import { randomUUID } from "node:crypto";
import { AgentInstructions } from "./agent-instructions.ts";
import { blockedCommand } from "./blocked-commands.ts";
import { registerGatewayMethods } from "./gateway-methods.ts";
import { type GuardConfig, guardConfig } from "./guard-config.ts";
import { followInboundRequests, type TraceParent } from "./inbound-request.ts";
import { appendFact, FactRefused } from "./memory-file.ts";
import type {
  AgentTool,
  OpenClawPluginApi,
  ToolCallContext,
  ToolCallDecision,
  ToolCallEvent,
  ToolCallResultEvent,
  ToolContext,
} from "./openclaw-plugin-api.ts";
import { routerProvider } from "./router-provider.ts";
import { appendToolAudit } from "./tool-audit.ts";
import { calledRecord, finishedRecord, type RecordFacts } from "./tool-record.ts";

const plugin = {
  id: "cell-guard",
  name: "Cell Guard",
  description:
    "Denies blocked commands, records every tool call, instructs agents, lets them remember facts and keeps the trace",
  register(api: OpenClawPluginApi): void {
    const config = guardConfig(api.pluginConfig);
    const instructions = new AgentInstructions(config.agentsFile);
    const inbound = followInboundRequests();
    api.on("before_tool_call", (event, context) => decide(config, event, context, inbound()?.trace));
    api.on("after_tool_call", (event, context) => recordOutcome(config, event, context, inbound()?.trace));
    api.on("before_prompt_build", (_, { agentId }) => {
      const text = instructions.of(agentId ?? "main");
      return text === undefined ? undefined : { appendSystemContext: text };
    });
    api.registerProvider(routerProvider(inbound));
    api.registerTool((context) => memoryWrite(api, context), { name: "memory_write" });
    registerGatewayMethods(api, config, instructions);
  },
};

/** Records the call, then lets it pass (undefined) or blocks it. OpenClaw blocks the call too when this throws. */
function decide(
  config: GuardConfig,
  event: ToolCallEvent,
  context: ToolCallContext,
  inbound: TraceParent | undefined,
): ToolCallDecision | undefined {
  const facts = factsOf(config, event, inbound);
  appendToolAudit(config.auditFile, calledRecord(event, context, facts));
  const { rule } = facts;
  return rule === undefined ? undefined : { block: true, blockReason: `policy: commands with "${rule}" are blocked` };
}

/** A denied call has no outcome. */
function recordOutcome(
  config: GuardConfig,
  event: ToolCallResultEvent,
  context: ToolCallContext,
  inbound: TraceParent | undefined,
): void {
  const facts = factsOf(config, event, inbound);
  if (facts.rule === undefined) appendToolAudit(config.auditFile, finishedRecord(event, context, facts));
}

function factsOf(config: GuardConfig, event: ToolCallEvent, inbound: TraceParent | undefined): RecordFacts {
  const rule = blockedCommand(event.toolName, event.params, config.blockedCommands);
  return { id: randomUUID(), now: new Date(), inbound, rule, skills: config.skills };
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
