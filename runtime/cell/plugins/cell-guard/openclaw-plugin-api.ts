/**
 * The part of OpenClaw's plugin API that the guard uses, as read in openclaw 2026.9.6
 * (docs/plugins/building-plugins.md, docs/plugins/hooks, docs/plugins/sdk-provider-plugins/runtime-hooks.md). Written
 * here because the package is installed only inside the cell image.
 */
export interface OpenClawPluginApi {
  readonly pluginConfig: unknown;
  readonly config: unknown;
  readonly runtime: {
    readonly agent: { resolveAgentWorkspaceDir(config: unknown, agentId: string): string };
    /** `current` answers the configuration in force, `config` of the API the one at registration. */
    readonly config: { current(): unknown };
  };
  on<H extends keyof PluginHooks>(hook: H, handler: PluginHooks[H]): void;
  registerTool(factory: (context: ToolContext) => AgentTool, options: { readonly name: string }): void;
  registerProvider(provider: ModelProvider): void;
  registerGatewayMethod(
    method: string,
    handler: (call: GatewayCall) => void,
    options: { readonly scope: "operator.read" | "operator.write" | "operator.admin" },
  ): void;
}

export interface PluginHooks {
  /** Gate, fail-closed: a handler that throws blocks the call. */
  readonly before_tool_call: (event: ToolCallEvent, context: ToolCallContext) => ToolCallDecision | undefined;
  /** Observer: what it throws is logged and changes nothing. */
  readonly after_tool_call: (event: ToolCallResultEvent, context: ToolCallContext) => void;
  /** Needs `hooks.allowConversationAccess` in the plugin's entry of the configuration. */
  readonly before_prompt_build: (
    event: unknown,
    context: { readonly agentId?: string },
  ) => { readonly appendSystemContext: string } | undefined;
}

export interface ToolCallEvent {
  readonly toolName: string;
  readonly params?: unknown;
  readonly toolCallId?: string;
}

export interface ToolCallResultEvent extends ToolCallEvent {
  readonly error?: string;
  readonly durationMs?: number;
}

export interface ToolCallContext {
  readonly agentId?: string;
  readonly sessionKey?: string;
  readonly runId?: string;
  readonly toolCallId?: string;
  /** OpenClaw's own trace of the turn. Absent in `after_tool_call`. */
  readonly trace?: { readonly traceId: string };
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

/** Hooks into the provider of the same id in `models.providers`. */
export interface ModelProvider {
  readonly id: string;
  readonly label: string;
  readonly auth: readonly [];
  readonly wrapStreamFn: (context: { readonly streamFn?: StreamModel | undefined }) => StreamModel | undefined;
}

/** Sends one request to a model; the options hold the request's headers. */
export type StreamModel = (model: unknown, context: unknown, options?: StreamOptions) => unknown;

export interface StreamOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call of a gateway method over the WebSocket. */
export interface GatewayCall {
  readonly params: unknown;
  readonly respond: (
    ok: boolean,
    payload?: unknown,
    error?: { readonly code: string; readonly message: string },
  ) => void;
}
