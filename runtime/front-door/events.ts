import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";
import { refusal } from "./errors.ts";

const MAX_EVENT_BYTES = 4_194_304;
const BLANK_LINE = /\r?\n\r?\n/g;

/** What a piece of a stream holds. */
export interface Piece {
  /** Whole events, unchanged, without the final `[DONE]`. */
  readonly events: string;
  readonly done: boolean;
}

const Chunk = z.object({
  usage: z.object({ total_tokens: z.number().int().nonnegative() }).nullish(),
  error: z.unknown().optional(),
});

/**
 * Cuts a cell's event stream at event boundaries, so that the final `[DONE]` can be held back and an error can be put
 * in at a safe place. Notes the tokens and whether the run failed.
 */
export class EventReader {
  tokens: number | null = null;
  failed = false;
  readonly #decoder = new TextDecoder("utf-8");
  #rest = "";

  /** @throws Refusal `cell/broken-reply` when one event does not end. */
  push(bytes: Uint8Array): Piece {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    let start = 0;
    for (const blank of text.matchAll(BLANK_LINE)) {
      const end = blank.index + blank[0].length;
      const event = text.slice(start, end);
      if (dataOf(event) === "[DONE]") return { events: text.slice(0, start), done: true };
      this.#note(event);
      start = end;
    }
    this.#rest = text.slice(start);
    if (this.#rest.length > MAX_EVENT_BYTES) throw refusal("cell/broken-reply", "an event without an end");
    return { events: text.slice(0, start), done: false };
  }

  #note(event: string): void {
    // Most events are content; only those that may carry usage or an error are parsed.
    if (!event.includes('"usage"') && !event.includes('"error"')) return;
    const chunk = Chunk.safeParse(jsonOrUndefined(dataOf(event))).data;
    if (chunk?.usage) this.tokens = chunk.usage.total_tokens;
    if (chunk?.error !== undefined) this.failed = true;
  }
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice("data:".length).trimStart())
    .join("\n");
}
