const NEWLINE = 0x0a;
/** An event of a model holds some tokens; this is far more. */
const MAX_LINE_BYTES = 1_048_576;

/**
 * Cuts a byte stream into the `data:` lines of its events, however the pieces were cut on the way.
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html, 9.2.6; the event's name is in its data at every
 * provider that is read here.)
 */
export class EventLines {
  #rest: Buffer | undefined;

  /** What stands after `data:` of every line that the piece completes. @throws RangeError for a line without end. */
  push(chunk: Buffer): readonly string[] {
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    const data: string[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const line = bytes.toString("utf8", start, end).trim();
      if (line.startsWith("data:")) data.push(line.slice("data:".length).trimStart());
      start = end + 1;
    }
    this.#rest = start === bytes.length ? undefined : bytes.subarray(start);
    if ((this.#rest?.length ?? 0) > MAX_LINE_BYTES) throw new RangeError("an event without end");
    return data;
  }
}
