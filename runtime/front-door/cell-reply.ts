import { z } from "zod";
import { Refusal, refusal } from "./errors.ts";
import { type CellReply, cellFailure } from "./upstream.ts";

/** Far above any answer of an agent; guards our memory against a cell that was taken over. */
const MAX_REPLY_BYTES = 16_777_216;
const MAX_ERROR_CHARS = 300;

const CellError = z.object({ error: z.object({ message: z.string() }) });

/** Reads a whole reply within bounds. @throws Refusal `cell/broken-reply` and the failures of a call to a cell. */
export async function readReply(reply: CellReply, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of reply.body) {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) throw refusal("cell/broken-reply", `more than ${MAX_REPLY_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : cellFailure(error, signal);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Reads a whole reply as JSON. @throws Refusal as `readReply`, and `cell/broken-reply` when it is none. */
export async function readJsonReply(reply: CellReply, signal: AbortSignal): Promise<{ text: string; value: unknown }> {
  const text = await readReply(reply, signal);
  try {
    return { text, value: JSON.parse(text) };
  } catch (cause) {
    throw refusal("cell/broken-reply", "an answer that is no JSON", { cause });
  }
}

/**
 * Lets a 200 pass and turns every other status into a refusal. What a cell says about a bad request is meant for its
 * caller; anything else it says about itself is not.
 */
export async function requireOk(reply: CellReply, signal: AbortSignal): Promise<void> {
  if (reply.status === 200) return;
  if (reply.status === 400 || reply.status === 413) {
    const { value } = await readJsonReply(reply, signal);
    const said = CellError.safeParse(value).data?.error.message ?? "no reason";
    throw refusal("cell/refused", JSON.stringify(said.slice(0, MAX_ERROR_CHARS)));
  }
  await reply.body.dump();
  if (reply.status === 503 || reply.status === 429) throw refusal("cell/unavailable", `status ${reply.status}`);
  throw refusal("cell/broken-reply", `status ${reply.status}`);
}
