import { ALNUM, KIND, SEPARATOR } from "./characters.ts";
import { IBAN, type Subject } from "./matches.ts";

/** Length of an account number by country (SWIFT IBAN Registry, release 99, December 2024). */
const LENGTHS: Readonly<Record<string, number>> = {
  AD: 24,
  AE: 23,
  AL: 28,
  AT: 20,
  AZ: 28,
  BA: 20,
  BE: 16,
  BG: 22,
  BH: 22,
  BI: 27,
  BR: 29,
  BY: 28,
  CH: 21,
  CR: 22,
  CY: 28,
  CZ: 24,
  DE: 22,
  DJ: 27,
  DK: 18,
  DO: 28,
  EE: 20,
  EG: 29,
  ES: 24,
  FI: 18,
  FK: 18,
  FO: 18,
  FR: 27,
  GB: 22,
  GE: 22,
  GI: 23,
  GL: 18,
  GR: 27,
  GT: 28,
  HN: 28,
  HR: 21,
  HU: 28,
  IE: 22,
  IL: 23,
  IQ: 23,
  IS: 26,
  IT: 27,
  JO: 30,
  KW: 30,
  KZ: 20,
  LB: 28,
  LC: 32,
  LI: 21,
  LT: 20,
  LU: 20,
  LV: 21,
  LY: 25,
  MC: 27,
  MD: 24,
  ME: 22,
  MK: 19,
  MN: 20,
  MR: 27,
  MT: 31,
  MU: 30,
  NI: 28,
  NL: 18,
  NO: 15,
  OM: 23,
  PK: 24,
  PL: 28,
  PS: 29,
  PT: 25,
  QA: 29,
  RO: 24,
  RS: 22,
  RU: 33,
  SA: 24,
  SC: 31,
  SD: 18,
  SE: 24,
  SI: 19,
  SK: 24,
  SM: 27,
  SO: 23,
  ST: 25,
  SV: 28,
  TL: 23,
  TN: 24,
  TR: 26,
  UA: 29,
  VA: 22,
  VG: 24,
  XK: 20,
  YE: 30,
};

const BEGIN = /[A-Za-z]{2}[0-9]{2}/g;
/** A begin that the end of the text cuts. */
const CUT_BEGIN = /(?:^|[^A-Za-z0-9])([A-Za-z]{1,2}|[A-Za-z]{2}[0-9])$/;
const COUNTRY_LETTERS = new Set(Object.keys(LENGTHS).map((country) => country[0]));
const MOST_SEPARATORS = 2;

/**
 * Finds international bank account numbers: a country's length and the check digits (ISO 13616, ISO 7064 MOD 97-10).
 * @returns from where on the text may not leave yet; the text's length when nothing is open.
 */
export function scanIbans(subject: Subject): number {
  const { text, final } = subject;
  let held = text.length;
  BEGIN.lastIndex = 0;
  for (let match = BEGIN.exec(text); match !== null; match = BEGIN.exec(text)) {
    const start = match.index;
    BEGIN.lastIndex = start + 1;
    const length = LENGTHS[text.slice(start, start + 2).toUpperCase()];
    if (length === undefined || isAlnum(subject, start - 1)) continue;
    const end = endOf(subject, start, length);
    if (end === undefined) {
      if (!final && held > start) held = start;
    } else if (end > 0) subject.found.push({ detector: IBAN, start, end });
  }
  if (final || held < text.length) return held;
  const cut = CUT_BEGIN.exec(text.slice(-4))?.[1];
  return cut !== undefined && couldBegin(cut) ? text.length - cut.length : held;
}

/** Whether the word from `start` to the end of the text can be the begin of an account number. */
export function mayBeginIban(text: string, start: number): boolean {
  const length = text.length - start;
  return length < 3 ? couldBegin(text.slice(start)) : length === 3 && CUT_BEGIN.test(text.slice(start));
}

function couldBegin(cut: string): boolean {
  const country = cut.slice(0, 2).toUpperCase();
  return country.length === 1 ? COUNTRY_LETTERS.has(country) : LENGTHS[country] !== undefined;
}

/** Where the account number from `start` ends: 0 when it is none, undefined when the text ends before that is known. */
function endOf(subject: Subject, start: number, length: number): number | undefined {
  const { units, text } = subject;
  let at = start;
  let rest = 0;
  let head = 0;
  let separators = 0;
  for (let size = 0; size < length; at += 1) {
    if (at >= text.length) return subject.final ? 0 : undefined;
    const unit = units[at] as number;
    const kind = KIND[unit] as number;
    if ((kind & ALNUM) !== 0) {
      const value = ordinal(unit);
      // The check is over the number with its first four characters moved to the end.
      if (size < 4) head = head * (value > 9 ? 100 : 10) + value;
      else rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
      size += 1;
      separators = 0;
    } else if ((kind & SEPARATOR) !== 0 && size >= 4 && separators < MOST_SEPARATORS) separators += 1;
    else return 0;
  }
  if (at >= text.length && !subject.final) return undefined;
  if (isAlnum(subject, at)) return 0;
  return (rest * 1_000_000 + head) % 97 === 1 ? at : 0;
}

function ordinal(unit: number): number {
  if (unit < 0x3a) return unit - 0x30;
  return (unit & 0x5f) - 0x41 + 10;
}

function isAlnum({ units, text }: Subject, at: number): boolean {
  return at >= 0 && at < text.length && ((KIND[units[at] as number] as number) & ALNUM) !== 0;
}
