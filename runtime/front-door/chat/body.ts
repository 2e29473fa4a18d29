import { z } from "zod";

export const MAX_MESSAGES = 2000;
export const MAX_STOPS = 4;
export const ROLES = ["system", "developer", "user", "assistant"] as const;

const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const message = z.object({
  role: z.enum(ROLES),
  content: z.union([z.string(), z.array(text).min(1)], { error: "text or a list of text parts" }),
});
export type ChatMessage = z.output<typeof message>;

/**
 * What the front door takes of an OpenAI chat completion request: the parameters that OpenClaw 2026.9.6 reads (its
 * openai-http handler, read 2026-11-23). Parameters that are not here are dropped, not passed on.
 *
 * This schema is what the API documents and what says every problem of a refused body; the hot path reads the same
 * language with `checkChatBody`.
 */
export const ChatBody = z.object({
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
  stop: z.union([z.string(), z.array(z.string()).max(MAX_STOPS)]).nullish(),
});
export type ChatBody = z.output<typeof ChatBody>;
