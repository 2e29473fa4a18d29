import { decodeBase64, type Hidden, mayBeBase64 } from "./base64.ts";
import { ALNUM, KIND, TOKEN } from "./characters.ts";
import { SECRET, type Subject } from "./matches.ts";
import { findNamedSecret, findSecrets, isNamedSoFar, mayBecomeSecret } from "./secrets.ts";

/** Base64 of eleven digits, and no key is shorter. */
const SHORTEST = 15;
const DOT = 0x2e;
const SECRET_BIT = 1 << SECRET;

const PART = 1;
const LETTER = 2;
const CAPITAL = 4;
const SYMBOL = 8;

/** What each character of ASCII is in a token. Small, so that it stays in the processor's nearest cache. */
const PARTS = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  if (((KIND[code] as number) & TOKEN) === 0) continue;
  const letter = code > 0x40 && code !== 0x5f;
  const symbol = ((KIND[code] as number) & ALNUM) === 0;
  PARTS[code] = PART | (letter ? LETTER : 0) | (letter && code < 0x60 ? CAPITAL : 0) | (symbol ? SYMBOL : 0);
}

/**
 * Finds keys, tokens and base64. Each is at least fifteen {@link TOKEN} characters, so of shorter words only one character
 * is looked at or two. `hidden` gets what base64 hides.
 * @returns from where on the text may not leave yet; the text's length when nothing is open.
 */
export function scanTokens(subject: Subject, hidden: (found: Hidden) => void): number {
  const { units, final } = subject;
  const { length } = subject.text;
  const parts = PARTS;
  let floor = 0;
  let index = SHORTEST - 1;
  while (index < length) {
    let gap = index;
    let seen = 0;
    for (; gap >= floor; gap -= 1) {
      const unit = units[gap] as number;
      const part = unit < 128 ? (parts[unit] as number) : 0;
      if (part === 0) break;
      seen |= part;
    }
    if (gap >= floor) {
      floor = gap + 1;
      index = gap + SHORTEST;
      continue;
    }
    let end = index + 1;
    for (; end < length; end += 1) {
      const unit = units[end] as number;
      const part = unit < 128 ? (parts[unit] as number) : 0;
      if (part === 0) break;
      seen |= part;
    }
    if (end === length && !final) break;
    token(subject, floor, end, seen, hidden);
    floor = end + 1;
    index = end + SHORTEST;
  }
  return final ? length : heldFrom(subject);
}

function token(subject: Subject, start: number, end: number, seen: number, hidden: (found: Hidden) => void): void {
  if ((seen & LETTER) === 0) return;
  if ((subject.wanted & SECRET_BIT) !== 0) {
    // A key begins after a sign, or where the token begins.
    findSecrets(subject, start, (seen & SYMBOL) === 0 ? start : end - 2, end);
    findNamedSecret(subject, start, end);
  }
  // In base64 of digits, and of by far most text, there are capitals.
  if ((seen & CAPITAL) === 0 || ((seen & SYMBOL) === 0 && !mayBeBase64(subject.text, start, end))) return;
  for (const found of decodeBase64(subject.text, start, end)) hidden(found);
}

/** Where the earliest key or base64 begins that the end of the text may cut. */
function heldFrom({ text, units }: Subject): number {
  const { length } = text;
  let begin = length;
  let dot = -1;
  while (begin > 0) {
    const unit = units[begin - 1] as number;
    if (((KIND[unit] as number) & TOKEN) === 0) {
      if (unit !== DOT) break;
      if (dot === -1) dot = begin - 1;
    }
    begin -= 1;
  }
  // Dots may be part of what is named a key, as they are of a web token.
  if (begin < length && isNamedSoFar(text, begin)) return begin;
  for (let at = begin; at < length; at += 1) {
    if (at > begin && ((KIND[units[at - 1] as number] as number) & ALNUM) !== 0) continue;
    if (mayBecomeSecret(text, at, at <= dot)) return at;
    if (at > dot && mayBeBase64(text, at, length)) return at;
  }
  return length;
}
