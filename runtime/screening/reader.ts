import { FOLD, FOLDED, FOLDED_PUNCTUATION, foldAstral, KIND } from "./characters.ts";
import { decode } from "./escapes.ts";
import type { View } from "./view.ts";

/** The text as its reader sees it, and its code units, which are good until the next reading. */
export interface Reading {
  /** Undefined: the text is what its reader sees. */
  readonly view: View | undefined;
  readonly text: string;
  /** A zero comes after the last, so that a loop over digits needs no second condition. */
  readonly units: Uint16Array;
}

/** Up to here a loop is faster than the call into the engine. */
const SHORT = 256;

/** Reads texts; keeps room for their code units, so that reading allocates nothing. One reading at a time. */
export class Reader {
  #bytes = Buffer.alloc(0);
  #units = new Uint16Array(0);

  constructor() {
    this.#reserve(4096);
  }

  read(text: string): Reading {
    const decoded = decode(text);
    const base = decoded?.text ?? text;
    if (base.length >= this.#units.length) this.#reserve(base.length * 2);
    if (!this.#load(base)) return { view: decoded, text: base, units: this.#units };
    const size = foldUnits(this.#units, base);
    this.#units[size] = 0;
    const folded = foldedView(base, this.#bytes.toString("utf16le", 0, size * 2));
    return { view: decoded === undefined ? folded : over(decoded, folded), text: folded.text, units: this.#units };
  }

  /** Takes the code units of a text. @returns whether one of them folds. */
  #load(text: string): boolean {
    const units = this.#units;
    const { length } = text;
    units[length] = 0;
    if (length > SHORT) {
      this.#bytes.write(text, 0, "utf16le");
      return !isAscii(text, units) && needsFold(units, length);
    }
    let seen = 0;
    for (let index = 0; index < length; index += 1) {
      const code = text.charCodeAt(index);
      units[index] = code;
      seen |= KIND[code] as number;
    }
    return (seen & FOLDED) !== 0;
  }

  #reserve(size: number): void {
    const memory = new ArrayBuffer(size * 2);
    this.#bytes = Buffer.from(memory);
    this.#units = new Uint16Array(memory);
  }
}

/** No character of ASCII folds, and in a text of ASCII counting bytes is much faster than looking at each character. */
function isAscii(text: string, units: Uint16Array): boolean {
  const step = text.length >> 6;
  for (let sample = 0; sample < 64; sample += 1) if ((units[sample * step] as number) > 0x7f) return false;
  return Buffer.byteLength(text, "utf8") === text.length;
}

function needsFold(units: Uint16Array, length: number): boolean {
  // Local: a table of another module is looked up anew at each character once the modules are bundled.
  const kinds = KIND;
  const pairs = new Uint32Array(units.buffer);
  let seen = 0;
  const whole = (length >> 3) << 2;
  for (let at = 0; at < whole; at += 4) {
    const a = pairs[at] as number;
    const b = pairs[at + 1] as number;
    const c = pairs[at + 2] as number;
    const d = pairs[at + 3] as number;
    if (((a | b | c | d) & NOT_ASCII_PAIR) === 0) continue;
    seen |= (kinds[a & 0xffff] as number) | (kinds[a >>> 16] as number);
    seen |= (kinds[b & 0xffff] as number) | (kinds[b >>> 16] as number);
    seen |= (kinds[c & 0xffff] as number) | (kinds[c >>> 16] as number);
    seen |= (kinds[d & 0xffff] as number) | (kinds[d >>> 16] as number);
  }
  for (let index = whole * 2; index < length; index += 1) seen |= kinds[units[index] as number] as number;
  return (seen & FOLDED) !== 0;
}

/** The bits of two code units that no character of ASCII has. */
const NOT_ASCII_PAIR = 0xff80ff80 | 0;

/** A view of a view. */
function over(outer: View, inner: View): View {
  return {
    text: inner.text,
    start: (index) => outer.start(inner.start(index)),
    end: (index) => outer.end(inner.end(index)),
  };
}

/** Folds in place. @returns how many code units are left. */
function foldUnits(units: Uint16Array, text: string): number {
  const { length } = text;
  const kinds = KIND;
  const folds = FOLD;
  let size = 0;
  for (let index = 0; index < length; index += 1) {
    const code = units[index] as number;
    if (((kinds[code] as number) & (FOLDED | FOLDED_PUNCTUATION)) === 0) {
      units[size] = code;
      size += 1;
      continue;
    }
    const simple = code < 0x1100 || (code > 0x1112 && code < 0xd800) || code > 0xdbff;
    const to = simple ? (folds[code] as number) : foldAt(text, index, code);
    if (!simple) index += widthAt(text, index, code) - 1;
    if (to === 0) continue;
    units[size] = to;
    size += 1;
  }
  return size;
}

function foldedView(text: string, folded: string): View {
  let offsets: Int32Array | undefined;
  const start = (index: number): number => {
    offsets ??= foldOffsets(text, folded.length);
    return offsets[index] ?? text.length;
  };
  const end = (index: number): number => {
    if (index === 0) return 0;
    const last = start(index - 1);
    return last >= text.length ? text.length : last + widthAt(text, last, text.charCodeAt(last));
  };
  return { text: folded, start, end };
}

/** What stands at `index` becomes; 0: nothing. */
function foldAt(text: string, index: number, code: number): number {
  if (isHigh(code)) {
    const low = text.charCodeAt(index + 1);
    const to = isLow(low) ? foldAstral(code, low) : -1;
    return to === -1 ? code : to;
  }
  if (code >= 0x1100 && code <= 0x1112) return composed(text, index, code);
  return FOLD[code] as number;
}

/** How many code units of the original the character at `index` takes. */
function widthAt(text: string, index: number, code: number): number {
  if (isHigh(code)) {
    const low = text.charCodeAt(index + 1);
    return isLow(low) && foldAstral(code, low) !== -1 ? 2 : 1;
  }
  if (code < 0x1100 || code > 0x1112 || !isVowel(text.charCodeAt(index + 1))) return 1;
  return isTail(text.charCodeAt(index + 2)) ? 3 : 2;
}

/** A Korean syllable written as conjoining jamo (Unicode 3.12, conjoining jamo behaviour). */
function composed(text: string, index: number, lead: number): number {
  const vowel = text.charCodeAt(index + 1);
  if (!isVowel(vowel)) return lead;
  const tail = text.charCodeAt(index + 2);
  return 0xac00 + ((lead - 0x1100) * 21 + vowel - 0x1161) * 28 + (isTail(tail) ? tail - 0x11a7 : 0);
}

function isHigh(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function isVowel(code: number): boolean {
  return code >= 0x1161 && code <= 0x1175;
}

function isTail(code: number): boolean {
  return code >= 0x11a8 && code <= 0x11c2;
}

/** Offsets in the original of each character of its fold. Walks again: only a text with a hit comes here. */
function foldOffsets(text: string, size: number): Int32Array {
  const offsets = new Int32Array(size + 1).fill(text.length);
  let index = 0;
  for (let at = 0; at < text.length; ) {
    const code = text.charCodeAt(at);
    if (foldAt(text, at, code) !== 0) {
      offsets[index] = at;
      index += 1;
    }
    at += widthAt(text, at, code);
  }
  return offsets;
}
