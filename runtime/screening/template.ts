import { type Piece, readChunk } from "./chunk-text.ts";

const MARK = "\u0001breakwater\u0001";

/**
 * The bytes around the only text of an event. An event that begins and ends with the same bytes, and has one plain JSON
 * string between, differs in that text alone, so it needs no parsing.
 */
export interface Template {
  /** Up to and with the opening quote. */
  readonly before: string;
  /** From the closing quote to the end of the event. */
  readonly after: string;
  readonly piece: Piece;
}

/** Makes the template of an event with one piece of text; undefined when it cannot be told apart for sure. `raw` holds one byte a character. */
export function templateOf(raw: string, piece: Piece): Template | undefined {
  const key = piece.path[piece.path.length - 1];
  const opening = `"${String(key)}":"`;
  const at = raw.indexOf(opening);
  if (
    !raw.startsWith("data: {") ||
    raw.indexOf("\n") !== raw.length - 2 ||
    at === -1 ||
    raw.indexOf(opening, at + 1) !== -1
  )
    return undefined;
  const before = raw.slice(0, at + opening.length);
  const literal = PLAIN_STRING.exec(raw.slice(before.length));
  if (literal === null) return undefined;
  const after = raw.slice(before.length + literal[0].length);
  if (!after.startsWith('"') || !after.endsWith("}\n\n")) return undefined;
  return isSound(before, after, piece) ? { before, after, piece } : undefined;
}

/** Printable characters, and the bytes of others, without quotes and backslashes. */
const PLAIN_STRING = /^[ !#-[\]-\uffff]*/;

/** The proof: with a mark between the bytes, the event is read as that mark at that place and no other text. */
function isSound(before: string, after: string, { path, channel }: Piece): boolean {
  const data = `${before}${JSON.stringify(MARK).slice(1, -1)}${after}`.slice("data: ".length);
  const notes = readChunk(JSON.parse(Buffer.from(data, "latin1").toString("utf8")));
  const [only, ...others] = notes.pieces;
  return (
    only?.text === MARK &&
    only.channel === channel &&
    only.path.join("/") === path.join("/") &&
    others.length === 0 &&
    notes.rest.length === 0 &&
    !notes.failed &&
    notes.usage === undefined
  );
}
