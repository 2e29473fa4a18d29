import { z } from "zod";
import { zodProblems } from "../service/zod-problems.ts";
import { quote, Refusal, refusal } from "./errors.ts";

const MAX_MESSAGES = 2000;
const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const message = z.object({
  role: z.enum(["system", "developer", "user", "assistant"]),
  content: z.union([z.string(), z.array(text).min(1)], { error: "text or a list of text parts" }),
});

/**
 * What the front door takes of an OpenAI chat completion request: the parameters that OpenClaw 2026.9.6 reads (its
 * openai-http handler, read 2026-11-23). Parameters that are not here are dropped, not passed on.
 */
const ChatBody = z.object({
  model: z.string(),
  messages: z
    .array(message)
    .min(1)
    .max(MAX_MESSAGES)
    .refine((messages) => messages.some(({ role }) => role === "user"), "at least one user message"),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().optional() }).nullish(),
  user: z.string().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  seed: z.number().int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
});
export type ChatBody = z.output<typeof ChatBody>;

/** Parameters whose silent loss would change what the caller gets. */
const UNSUPPORTED = ["tools", "functions", "response_format", "audio", "modalities"] as const;

/** Reads the body of a chat request. @throws Refusal `request/unsupported`, `request/invalid-body` with every problem. */
export function parseChatBody(body: unknown): ChatBody {
  const parsed = ChatBody.safeParse(body);
  if (!parsed.success) {
    const about = { code: "request/invalid-body", root: "", remedy: "correct it" } as const;
    throw new Refusal("request/invalid-body", zodProblems(parsed.error, body, about));
  }
  const sent = new Map(Object.entries(body as object));
  for (const path of UNSUPPORTED) {
    if (sent.get(path) !== undefined && sent.get(path) !== null) {
      throw refusal("request/unsupported", "a parameter that would change the answer", { path });
    }
  }
  const n = sent.get("n");
  if (n !== undefined && n !== null && n !== 1)
    throw refusal("request/unsupported", "more than one choice", { path: "n" });
  return parsed.data;
}

/** The cell's own name of its agent. */
const AGENT = "openclaw/default";

/** Which agent a model name means. @throws Refusal `model/unknown`. */
export function agentOf(model: string, tenant: string): string {
  if (model === "openclaw" || model === AGENT || model === tenant) return AGENT;
  throw refusal("model/unknown", quote(model));
}

/** The body for the cell: known parameters only, the session is ours. */
export function cellBody(body: ChatBody, agent: string, user: string): Record<string, unknown> {
  const set = Object.entries(body).filter(([, value]) => value !== null && value !== undefined);
  return { ...Object.fromEntries(set), model: agent, user, stream: body.stream === true };
}
