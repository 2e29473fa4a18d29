import type { View } from "./view.ts";

/** JSON and JavaScript escapes (also of escaped text), HTML character references, URL encoding. */
const ESCAPE =
  /\\{1,8}(?:u\{[\da-f]{1,6}\}|u[\da-f]{4}|x[\da-f]{2})|&#(?:x[\da-f]{1,6}|\d{1,7});|%[2-7][\da-f]|(?<=\d)\\{1,8}[nrt](?=\d)/gi;

/** The begin of an escape at the end of a text, and half of a character. */
const OPEN_ESCAPE =
  /(?:[\ud800-\udbff]|\\{1,8}(?:[nrt]|u\{?[\da-f]{0,6}|x[\da-f]?)?|&(?:#(?:x?[\da-f]{0,7})?)?|%[\da-f]?)$/i;
const LONGEST_ESCAPE = 24;

/** Where an escape or a character begins that the end of the text cuts; the text's length when none does. */
export function openEnd(text: string): number {
  const tail = text.length > LONGEST_ESCAPE ? text.slice(-LONGEST_ESCAPE) : text;
  const found = OPEN_ESCAPE.exec(tail);
  return found === null ? text.length : text.length - tail.length + found.index;
}

/** The text with its escapes decoded; undefined when there are none. */
export function decode(text: string): View | undefined {
  if (!text.includes("\\") && !text.includes("&#") && !text.includes("%")) return undefined;
  const starts: number[] = [];
  const lengths: number[] = [];
  const sizes: number[] = [];
  const pieces: string[] = [];
  let from = 0;
  ESCAPE.lastIndex = 0;
  for (let match = ESCAPE.exec(text); match !== null; match = ESCAPE.exec(text)) {
    const source = match[0];
    const char = unescaped(source);
    pieces.push(text.slice(from, match.index), char);
    starts.push(match.index);
    lengths.push(source.length);
    sizes.push(char.length);
    from = match.index + source.length;
  }
  if (starts.length === 0) return undefined;
  pieces.push(text.slice(from));
  return mapped(pieces.join(""), text.length, starts, lengths, sizes);
}

/** The character that an escape stands for. */
function unescaped(source: string): string {
  const first = source.charAt(0);
  if (first === "%") return fromCode(source.slice(1), 16);
  if (first === "&") {
    const hex = source.charAt(2).toLowerCase() === "x";
    return fromCode(source.slice(hex ? 3 : 2, -1), hex ? 16 : 10);
  }
  const kind = source.lastIndexOf("\\") + 1;
  if (/[nrt]/i.test(source.charAt(kind))) return "\n";
  return fromCode(source.slice(kind + 1).replace(/[{}]/g, ""), 16);
}

function fromCode(digits: string, base: number): string {
  const point = Number.parseInt(digits, base);
  return point > 0x10ffff ? " " : String.fromCodePoint(point);
}

/** A view in which the pieces at `starts` (of `lengths` in the original) became `sizes` code units each. */
function mapped(text: string, total: number, starts: number[], lengths: number[], sizes: number[]): View {
  const places: number[] = [];
  let shift = 0;
  for (let piece = 0; piece < starts.length; piece += 1) {
    places.push((starts[piece] as number) - shift);
    shift += (lengths[piece] as number) - (sizes[piece] as number);
  }
  const at = (index: number, after: boolean): number => {
    const piece = lastNotAfter(places, index);
    if (piece < 0) return after ? index + 1 : index;
    const begin = starts[piece] as number;
    const past = index - (places[piece] as number) - (sizes[piece] as number);
    const end = begin + (lengths[piece] as number);
    if (past < 0) return after ? end : begin;
    return Math.min(total, end + past + (after ? 1 : 0));
  };
  return { text, start: (index) => at(index, false), end: (index) => (index === 0 ? 0 : at(index - 1, true)) };
}

/** Index of the last of the ascending `places` that is not after `index`; -1 when all are. */
function lastNotAfter(places: readonly number[], index: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] as number) <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
