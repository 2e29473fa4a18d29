/** Decimal digit, after folding. */
export const DIGIT = 1;
/** May stand between the digits of one number: space, line end, control character, dash, dot, underscore, bracket. */
export const SEPARATOR = 2;
/** The plus sign of an international phone number. */
export const PLUS = 4;
/** Letter or digit of ASCII. */
export const ALNUM = 8;
/** May be part of a key, a token or base64: ALNUM and `+ / = _ -`. */
export const TOKEN = 16;
/** Folds to something else that a detector looks for: a foreign digit, an invisible character, an odd space or dash. */
export const FOLDED = 32;
/** Folds to ASCII punctuation or to `0` nothing needs: folded where a text is folded, and no reason to fold one. */
export const FOLDED_PUNCTUATION = 64;

/** Stands in prose: a letter, or a sign. J, without which there is no JSON web token, is left out. */
export const PROSE = 128;

/** Any character of a number. */
export const NUMBER = DIGIT | SEPARATOR | PLUS;

/** What each UTF-16 code unit is, as bits. A table, because every character of every text passes through it. */
export const KIND = new Uint8Array(65_536);

/** What each code unit becomes; 0 drops it. */
export const FOLD = new Uint16Array(65_536);

const SPACE = 0x20;
const HYPHEN = 0x2d;
const FULL_STOP = 0x2e;

/** Blocks whose characters NFKC turns into one ASCII letter or digit (Unicode 15.1 compatibility decompositions). */
const COMPATIBLE: readonly (readonly [number, number])[] = [
  [0x00aa, 0x00ba],
  [0x02b0, 0x02b8],
  [0x02e0, 0x02e4],
  [0x1d2c, 0x1d6a],
  [0x2070, 0x209c],
  [0x2102, 0x2149],
  [0x2160, 0x217f],
  [0x2460, 0x24ff],
  [0xff01, 0xff5e],
];

/** Characters that are not seen: format characters, variation selectors, fillers, and marks that sit on another one. */
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;
/** Marks that sit on the character before them; with them a digit is still that digit. */
const MARK = /\p{Mn}/gu;
const FOREIGN_DIGIT = /\p{Nd}/gu;
const FOREIGN_SPACE = /[\p{Zs}\u2028\u2029\u0085]/gu;
const FOREIGN_DASH = /[\p{Pd}\u2043\u2212]/gu;
const FOREIGN_DOT = /[\u00b7\u2022\u2024\u2027\u2219\u22c5]/gu;
/** Circled digits 1 to 9 of the dingbats, which NFKC leaves alone. */
const DINGBATS = [0x2776, 0x2780, 0x278a];

function fill(): void {
  for (let code = 0; code < 65_536; code += 1) FOLD[code] = code;
  fillAscii();
  const all = basicPlane();
  for (const { index } of all.matchAll(FOREIGN_DIGIT)) if (index > 0x7f) fold(index, digitOf(index));
  for (const { index } of all.matchAll(FOREIGN_SPACE)) if (index > 0x7f) fold(index, SPACE);
  for (const { index } of all.matchAll(FOREIGN_DASH)) if (index > 0x7f) fold(index, HYPHEN);
  for (const { index } of all.matchAll(FOREIGN_DOT)) fold(index, FULL_STOP);
  for (const { index } of all.matchAll(INVISIBLE)) fold(index, 0);
  for (const { index } of all.matchAll(MARK)) if (isFreeMark(index)) fold(index, 0);
  for (const [first, last] of COMPATIBLE) {
    for (let code = first; code <= last; code += 1) foldCompatible(code);
  }
  for (const first of DINGBATS) for (let digit = 1; digit <= 9; digit += 1) fold(first + digit - 1, 0x30 + digit);
  // Conjoining jamo (composed by the fold), and the high surrogates of styled digits and letters, tags and selectors.
  for (let code = 0x1100; code <= 0x1112; code += 1) mark(code, FOLDED);
  for (const high of ASTRAL) mark(high, FOLDED);
  for (let code = 0; code < 65_536; code += 1) {
    const prose = code > 0x7f ? (KIND[code] ?? 0) === 0 : /[A-IK-Za-z \t\n.,:;!?'"]/.test(String.fromCharCode(code));
    if (prose) mark(code, PROSE);
  }
}

/** Marks of no script of their own: others belong to the letters of a script, such as the vowels of Hindi. */
function isFreeMark(code: number): boolean {
  return code === 0x34f || (code >= 0x300 && code <= 0x36f) || (code >= 0x20d0 && code <= 0x20f0);
}

function fillAscii(): void {
  for (let code = 0; code < 0x80; code += 1) {
    const char = String.fromCharCode(code);
    if (/[0-9]/.test(char)) mark(code, DIGIT | ALNUM | TOKEN);
    else if (/[A-Za-z]/.test(char)) mark(code, ALNUM | TOKEN);
    else if (/[ \t\n\r.()]/.test(char)) mark(code, SEPARATOR);
    else if (/[-_]/.test(char)) mark(code, SEPARATOR | TOKEN);
    else if (char === "+") mark(code, PLUS | TOKEN);
    else if (/[/=]/.test(char)) mark(code, TOKEN);
    else if (code < 0x20 || code === 0x7f) mark(code, SEPARATOR);
  }
}

/** High surrogates of the blocks with decimal digits, styled letters, tags and variation selectors above U+FFFF. */
const ASTRAL: readonly number[] = (() => {
  const found = new Set<number>();
  for (let point = 0x10000; point < 0x20000; point += 1) {
    const text = String.fromCodePoint(point);
    if (/\p{Nd}/u.test(text) || (point >= 0x1d400 && point < 0x1d800)) found.add(text.charCodeAt(0));
  }
  found.add(0xdb40);
  return [...found];
})();

function basicPlane(): string {
  const codes = new Uint16Array(65_536);
  // A surrogate stands for itself as a space, so that the index of a match is its code.
  for (let code = 0; code < 65_536; code += 1) codes[code] = code >= 0xd800 && code <= 0xdfff ? SPACE : code;
  const all = new TextDecoder("utf-16le", { ignoreBOM: true }).decode(codes);
  return all;
}

function digitOf(code: number): number {
  // Unicode keeps the ten digits of a script together, in order, from a multiple of 2 on (stability policy of Nd).
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCharCode(zero - 1))) zero -= 1;
  return 0x30 + ((code - zero) % 10);
}

function foldCompatible(code: number): void {
  const text = String.fromCharCode(code).normalize("NFKC");
  if (text.length !== 1) return;
  const to = text.charCodeAt(0);
  if (to === code || to > 0x7e || (KIND[code] ?? 0) & FOLDED) return;
  fold(code, to, /[A-Za-z0-9+\-./=_]/.test(text) ? FOLDED : FOLDED_PUNCTUATION);
}

function fold(code: number, to: number, kind = FOLDED): void {
  FOLD[code] = to;
  mark(code, kind);
}

function mark(code: number, bits: number): void {
  KIND[code] = (KIND[code] ?? 0) | bits;
}

/** What a character above U+FFFF becomes: a code unit, 0 to drop it, or -1 to leave it. */
export function foldAstral(high: number, low: number): number {
  const point = (high - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
  if (point >= 0xe0000 && point <= 0xe01ef) return 0;
  const text = String.fromCodePoint(point);
  if (/\p{Nd}/u.test(text)) return astralDigit(point);
  const plain = text.normalize("NFKC");
  return plain.length === 1 && plain.charCodeAt(0) < 0x7f ? plain.charCodeAt(0) : -1;
}

function astralDigit(point: number): number {
  const plain = String.fromCodePoint(point).normalize("NFKC");
  if (plain.length === 1) return plain.charCodeAt(0);
  let zero = point;
  while (point - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return 0x30 + ((point - zero) % 10);
}

fill();
