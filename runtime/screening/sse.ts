/** One event of an event stream, one byte a character. */
export interface SseEvent {
  /** The data lines joined; undefined when there is none. */
  readonly data: string | undefined;
  /** Whether other lines stand beside them: comments, `event:`, `id:`, `retry:`, and fields that no client knows. */
  readonly hasOther: boolean;
}

const LINE_END = /\r\n|\n|\r/;
/**
 * Two line ends in a row. A carriage return before a line feed is the begin of one line end, not a whole one, and the last
 * one of what is there may stand before a line feed that is still to come.
 */
const EVENT_END = /(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?!\n|$))/g;
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** Just after the event that begins at `from`; -1 when its end is not there yet. `plain`: lines end with a line feed only. */
export function eventEnd(text: string, from: number, plain: boolean): number {
  if (plain) {
    const at = text.indexOf("\n\n", from);
    return at === -1 ? -1 : at + 2;
  }
  EVENT_END.lastIndex = from;
  return EVENT_END.test(text) ? EVENT_END.lastIndex : -1;
}

/** Reads the lines of an event (WHATWG HTML, server-sent events). */
export function parseEvent(raw: string): SseEvent {
  const data: string[] = [];
  let hasOther = false;
  const text = raw.startsWith(BYTE_ORDER_MARK) ? raw.slice(BYTE_ORDER_MARK.length) : raw;
  for (const line of text.split(LINE_END)) {
    if (line === "") continue;
    if (line === "data") data.push("");
    else if (!line.startsWith("data:")) hasOther = true;
    else data.push(line.charAt(5) === " " ? line.slice(6) : line.slice(5));
  }
  return { data: data.length === 0 ? undefined : data.join("\n"), hasOther };
}

/** What a server sends to keep a connection open: a comment without a text. */
export const KEEP_ALIVE = ":\n\n";

/** An event with these data and nothing else. */
export function renderEvent(raw: string, data: string): string {
  const end = raw.includes("\r\n") ? "\r\n" : "\n";
  return [...data.split("\n").map((line) => `data: ${line}`), "", ""].join(end);
}

/** The bytes of an event that has not ended, one a character. They are put together once, however many pieces they come in. */
export class OpenEvent {
  #pieces: string[] = [];
  #length = 0;
  /** The last characters, in which the first half of an event's end may stand. */
  #tail = "";
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** @throws Error when the event is larger than the limit. */
  keep(piece: string): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    this.#tail = (this.#tail + piece).slice(-LONGEST_END);
    if (this.#length > this.#limit) throw new Error(`an event of a stream is larger than ${this.#limit} bytes`);
  }

  /** All that has come with `more` after it, and nothing is kept; undefined, and all is kept, while no event ends in it. @throws as {@link keep}. */
  join(more: string): string | undefined {
    if (this.#length === 0) return more;
    if (eventEnd(this.#tail + more, 0, false) === -1) {
      this.keep(more);
      return undefined;
    }
    return this.all() + more;
  }

  /** All that has come; nothing is kept. */
  all(): string {
    const all = this.#pieces.length === 1 ? (this.#pieces[0] as string) : this.#pieces.join("");
    this.#pieces = [];
    this.#length = 0;
    this.#tail = "";
    return all;
  }
}

/** Two line ends of two characters each. */
const LONGEST_END = 4;
