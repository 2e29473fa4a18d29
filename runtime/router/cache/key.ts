import { createHash } from "node:crypto";
import { type ChatRequest, isObject } from "../chat/request.ts";

/** Parts of a request that say how the answer is sent and not what it is. */
const FORM: ReadonlySet<string> = new Set(["stream"]);

/** Where an answer comes from; another model's is another answer. */
export interface AnswerSource {
  readonly provider: string;
  readonly model: string;
  readonly maxTokens: number;
}

/**
 * Names a request by all that its answer depends on; undefined when its answers are not kept, because it has tools: what
 * a tool finds changes, and a call must happen each time.
 */
export function cacheKey({ fields, messages, tools }: ChatRequest, source: AnswerSource): string | undefined {
  if (tools > 0 || messages.some(({ role, tool_calls }) => role === "tool" || tool_calls != null)) return undefined;
  const asked = Object.fromEntries(Object.entries(fields).filter(([name]) => !FORM.has(name)));
  const { provider, model, maxTokens } = source;
  return createHash("sha256")
    .update(canonical([provider, model, maxTokens, asked, messages]))
    .digest("base64");
}

/** JSON with the properties of each object in order: the same request gets the same text however it was written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}
