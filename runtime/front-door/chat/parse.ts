import { zodProblems } from "../../service/zod-problems.ts";
import { DEFAULT_AGENT } from "../../settings/services.ts";
import { quote, Refusal, refusal } from "../errors.ts";
import { ChatBody } from "./body.ts";
import { checkChatBody } from "./check.ts";

/** Parameters whose silent loss would change what the caller gets. */
const UNSUPPORTED = ["tools", "functions", "response_format", "audio", "modalities"] as const;

/** Reads the body of a chat request. @throws Refusal `request/unsupported`, `request/invalid-body` with every problem. */
export function parseChatBody(value: unknown): ChatBody {
  const body = checkChatBody(value) ?? explained(value);
  const sent = value as Readonly<Record<string, unknown>>;
  for (const path of UNSUPPORTED) {
    if (sent[path] !== undefined && sent[path] !== null) {
      throw refusal("request/unsupported", "a parameter that would change the answer", { path });
    }
  }
  const n = sent["n"];
  if (n !== undefined && n !== null && n !== 1) {
    throw refusal("request/unsupported", "more than one choice", { path: "n" });
  }
  return body;
}

/** What the schema says about a body that the hot path refused. */
function explained(value: unknown): ChatBody {
  const parsed = ChatBody.safeParse(value);
  if (parsed.success) return parsed.data;
  const about = { code: "request/invalid-body", root: "", remedy: "correct it" } as const;
  throw new Refusal("request/invalid-body", zodProblems(parsed.error, value, about));
}

/** The agents that each tenant has besides its default agent. */
export interface AgentDirectory {
  has(tenant: string, agent: string): boolean;
}

const PREFIX = "openclaw/";

/**
 * What OpenClaw calls its default agent. `openclaw/default` is refused as soon as a second agent exists (run 2026-11-24
 * on 2026.9.6).
 */
export const CELL_DEFAULT_AGENT = "main";

/** The last is what the cell calls it in its answers; no tenant's agent can have that id. */
const DEFAULT_NAMES: ReadonlySet<string> = new Set(["openclaw", "openclaw/default", PREFIX + CELL_DEFAULT_AGENT]);

/**
 * Which agent of the caller's tenant a model name means. Another tenant's agent is as unknown as one that does not exist.
 * @throws Refusal `model/unknown`.
 */
export function agentOf(model: string, tenant: string, agents: AgentDirectory): string {
  if (DEFAULT_NAMES.has(model) || model === tenant) return DEFAULT_AGENT;
  if (model.startsWith(PREFIX)) {
    const agent = model.slice(PREFIX.length);
    if (agents.has(tenant, agent)) return agent;
  }
  throw refusal("model/unknown", quote(model));
}

/** The body for the cell: known parameters only, the session is ours, and a stream always ends with its token counts. */
export function cellBody(body: ChatBody, agent: string, user: string): string {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value !== null && value !== undefined) out[name] = value;
  }
  const streamed = body.stream === true;
  out["model"] = PREFIX + (agent === DEFAULT_AGENT ? CELL_DEFAULT_AGENT : agent);
  out["user"] = user;
  out["stream"] = streamed;
  if (streamed) out["stream_options"] = { include_usage: true };
  else delete out["stream_options"];
  return JSON.stringify(out);
}
