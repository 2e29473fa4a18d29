/** Three digits in base64, in any of a text's thirds: what makes a run worth decoding. */
const DIGITS = /[MNO][DTjz][AEIMQUYcgk][w-z0-5]/;
/** Base64, also of the URL alphabet, with its padding. */
const RUN = /[A-Za-z0-9+/_-]+={0,2}/y;
/** Eleven characters: a Chinese mobile number, a social security number with its dashes. */
const SHORTEST = 15;
/** How much of one run is decoded. */
const PEEK_CHARS = 262_144;
/** A run can begin after each sign; only the first few plausible begins are tried. */
const MOST_BEGINS = 4;
/** Of the decoded characters so many in a hundred must be such as a text has. */
const LEGIBLE_PERCENT = 90;
const ILLEGIBLE = /[\p{Cc}\ufffd]/gu;

const VALUES = new Int8Array(128).fill(-1);
for (const [index, char] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries()) {
  VALUES[char.charCodeAt(0)] = index;
}
VALUES[0x2d] = 62;
VALUES[0x5f] = 63;

/** A run of base64 that is text when decoded. */
export interface Hidden {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The texts that stand in base64 between `start` and `end`. */
export function decodeBase64(text: string, start: number, end: number): readonly Hidden[] {
  const hidden: Hidden[] = [];
  let worthIt: boolean | undefined;
  let begins = 0;
  let done = start;
  for (let at = start; at + SHORTEST <= end && begins < MOST_BEGINS; at += 1) {
    if ((at > start && isAlnum(text.charCodeAt(at - 1))) || !mayBeBase64(text, at, end)) continue;
    worthIt ??= DIGITS.test(text.slice(start, end));
    if (!worthIt && !isAsciiSoFar(text, at, end)) continue;
    RUN.lastIndex = at;
    const stop = at + Math.min(RUN.exec(text)?.[0].length ?? 0, end - at);
    if (stop - at < SHORTEST) continue;
    begins += 1;
    const decoded = legible(text.slice(at, Math.min(stop, at + PEEK_CHARS)));
    if (decoded === undefined) continue;
    hidden.push({ start: Math.max(at, done), end: stop, text: decoded });
    done = at;
  }
  return hidden;
}

function legible(run: string): string | undefined {
  const text = Buffer.from(run, "base64").toString("utf8");
  const illegible = text.match(ILLEGIBLE)?.length ?? 0;
  return illegible * 100 <= text.length * (100 - LEGIBLE_PERCENT) ? text : undefined;
}

/**
 * Whether the characters from `start` on, of which the text ends at `end`, can be the first of a text's base64: decoded,
 * the first of them are characters in UTF-8 that a text has.
 */
export function mayBeBase64(text: string, start: number, end: number): boolean {
  const first = valueAt(text, start);
  if (first < 0) return false;
  if (end - start < 2) return begins(first << 2) || begins((first << 2) | 1) || begins((first << 2) | 3);
  let bits = first;
  let continuations = 0;
  const stop = Math.min(end, start + TELLING);
  for (let at = start + 1; at < stop; at += 1) {
    const value = valueAt(text, at);
    if (value < 0) return at - start >= 4;
    const place = (at - start) & 3;
    bits = ((bits << 6) | value) & 0xffff;
    if (place === 0) continue;
    const byte = (bits >> (6 - 2 * place)) & 0xff;
    if (continuations > 0) {
      if ((byte & 0xc0) !== 0x80) return false;
      continuations -= 1;
    } else if (!begins(byte)) return false;
    else if (byte >= 0xc0) continuations = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
  }
  return true;
}

/** So many characters tell base64 from a word. */
const TELLING = 16;

/** Whether a byte begins a character of a text in UTF-8. */
function begins(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 9 || byte === 10 || byte === 13 || (byte >= 0xc2 && byte <= 0xf4);
}

/** Whether the first four quads are ASCII: by chance one of many thousands. */
function isAsciiSoFar(text: string, start: number, end: number): boolean {
  if (end - start < 16) return false;
  for (let at = start; at < start + 16; at += 4) {
    const [a, b, c, d] = [valueAt(text, at), valueAt(text, at + 1), valueAt(text, at + 2), valueAt(text, at + 3)];
    if (a < 0 || b < 0 || c < 0 || d < 0) return false;
    if (!isAscii((a << 2) | (b >> 4)) || !isAscii(((b & 15) << 4) | (c >> 2)) || !isAscii(((c & 3) << 6) | d))
      return false;
  }
  return true;
}

function isAscii(byte: number): boolean {
  return byte < 0x80 && begins(byte);
}

function valueAt(text: string, at: number): number {
  return VALUES[text.charCodeAt(at)] ?? -1;
}

function isAlnum(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
