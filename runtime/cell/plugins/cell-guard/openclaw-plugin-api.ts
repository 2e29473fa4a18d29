/**
 * The part of OpenClaw's plugin API that the guard uses, as read in openclaw 2026.9.6
 * (docs/plugins/building-plugins.md, docs/plugins/hooks/tool-policy.md). Written here because the package is
 * installed only inside the cell image.
 */
export interface OpenClawPluginApi {
  readonly pluginConfig: unknown;
  readonly config: unknown;
  readonly runtime: {
    readonly agent: { resolveAgentWorkspaceDir(config: unknown, agentId: string): string };
  };
  on(
    hook: "before_tool_call",
    handler: (event: ToolCallEvent, context: ToolCallContext) => ToolCallDecision | undefined,
  ): void;
  registerTool(factory: (context: ToolContext) => AgentTool, options: { readonly name: string }): void;
}

export interface ToolCallEvent {
  readonly toolName: string;
  readonly params?: unknown;
  readonly toolCallId?: string;
}

export interface ToolCallContext {
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly runId?: string;
}

/** `block` ends the call; the reason goes to the model as the tool's result. */
export interface ToolCallDecision {
  readonly block: true;
  readonly blockReason: string;
}

export interface ToolContext {
  readonly agentId?: string;
}

export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly execute: (callId: string, params: unknown) => Promise<ToolResult>;
}

export interface ToolResult {
  readonly content: readonly { readonly type: "text"; readonly text: string }[];
  readonly details: Readonly<Record<string, unknown>>;
}
