import type { TraceParent } from "./inbound-request.ts";
import type { ToolCallContext, ToolCallEvent, ToolCallResultEvent } from "./openclaw-plugin-api.ts";

/** One line of the tool audit: who called what and what became of it, never with what content. */
export interface ToolRecord {
  /** Random; the same whenever the line is delivered again. */
  readonly id: string;
  /** Each call has a record before it; an allowed one has another when it is over. */
  readonly kind: "called" | "finished";
  /** ISO, UTC. */
  readonly time: string;
  /** Our id of the agent: OpenClaw's `main` is `default`. */
  readonly agent: string | null;
  readonly session: string | null;
  /** The `user` that the front door sent, which OpenClaw keeps in lower case. */
  readonly conversation: string | null;
  readonly trace_id: string | null;
  readonly run: string | null;
  readonly call: string | null;
  readonly tool: string;
  readonly decision: "allow" | "deny";
  /** The configured text that denied the call. */
  readonly rule: string | null;
  /** The skill whose instructions the call reads: an agent uses a skill by reading them. */
  readonly skill: string | null;
  readonly outcome: "ok" | "error" | null;
  readonly duration_ms: number | null;
}

/** What the guard knows beside what OpenClaw tells. */
export interface RecordFacts {
  readonly id: string;
  readonly now: Date;
  readonly inbound: TraceParent | undefined;
  readonly rule: string | undefined;
  readonly skills: readonly string[];
}

/** Longest name or id in a record, in characters: some come from the model, and a line must stay short. */
export const MAX_NAME = 256;

/** The record that is written before a call; without it the call does not happen. */
export function calledRecord(event: ToolCallEvent, context: ToolCallContext, facts: RecordFacts): ToolRecord {
  return { ...common(event, context, facts), kind: "called", outcome: null, duration_ms: null };
}

/** The record of a call that is over. */
export function finishedRecord(event: ToolCallResultEvent, context: ToolCallContext, facts: RecordFacts): ToolRecord {
  return {
    ...common(event, context, facts),
    kind: "finished",
    outcome: event.error === undefined ? "ok" : "error",
    duration_ms: event.durationMs === undefined ? null : Math.max(0, Math.round(event.durationMs)),
  };
}

function common(event: ToolCallEvent, context: ToolCallContext, { id, now, inbound, rule, skills }: RecordFacts) {
  return {
    id,
    time: now.toISOString(),
    agent: context.agentId === "main" ? "default" : bounded(context.agentId),
    session: bounded(context.sessionKey),
    conversation: bounded(conversationOf(context.sessionKey)),
    trace_id: inbound?.traceId ?? context.trace?.traceId ?? null,
    run: bounded(context.runId),
    call: bounded(event.toolCallId ?? context.toolCallId),
    tool: event.toolName.slice(0, MAX_NAME),
    decision: rule === undefined ? ("allow" as const) : ("deny" as const),
    rule: bounded(rule),
    skill: skillRead(event, skills) ?? null,
  };
}

function bounded(text: string | undefined): string | null {
  return text?.slice(0, MAX_NAME) ?? null;
}

/** OpenClaw 2026.9.6 keeps a chat completion with a `user` under `agent:<agent>:openai-user:<user in lower case>`. */
function conversationOf(session: string | undefined): string | undefined {
  return /^agent:[^:]+:openai-user:(.+)$/s.exec(session ?? "")?.[1];
}

/**
 * The skill that a call reads. OpenClaw itself takes a successful `read` of a listed SKILL.md for the use of the skill
 * (its diagnostic event `skill.used`, 2026.9.6); here it is known before the call, and by the name of the folder.
 */
function skillRead({ toolName, params }: ToolCallEvent, skills: readonly string[]): string | undefined {
  if (toolName !== "read" || typeof params !== "object" || params === null) return undefined;
  const { path } = params as { readonly path?: unknown };
  if (typeof path !== "string") return undefined;
  const folder = /(?:^|\/)skills\/([^/]+)\/SKILL\.md$/.exec(path)?.[1];
  return skills.find((skill) => skill === folder);
}
