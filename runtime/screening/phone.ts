import { ALNUM, KIND } from "./characters.ts";
import { PHONE, type Subject } from "./matches.ts";
import type { Run } from "./run.ts";

const PLUS_SIGN = 0x2b;
const BRACKET = 0x28;
const ZERO = 0x30;

/** One national way to write a number: group sizes, and what its digits must begin with. */
interface Format {
  readonly shape: readonly number[];
  readonly begins: RegExp;
}

/**
 * National formats without a country code: Korea (mobile 01x, Seoul 02, area 03x to 06x, 070: Korean numbering plan),
 * China (mobile 1[3-9], eleven digits), United States and Canada (North American numbering plan: area and exchange begin
 * with 2 to 9). Ten plain digits are no US number: too many other numbers have ten digits.
 */
const FORMATS: readonly Format[] = [
  { shape: [3, 4, 4], begins: /^(?:0(?:1[016-9]|[3-6]\d|70)|1[3-9])/ },
  { shape: [3, 3, 4], begins: /^(?:0(?:1[1-9]|[3-6]\d)|[2-9]\d\d[2-9])/ },
  { shape: [2, 4, 4], begins: /^02/ },
  { shape: [2, 3, 4], begins: /^02/ },
  { shape: [1, 3, 3, 4], begins: /^1[2-9]\d\d[2-9]/ },
  { shape: [11], begins: /^(?:010|1(?:3\d|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9[0-35-9]))/ },
  { shape: [10], begins: /^01[16-9]/ },
];

/** Sizes of the groups of all formats. */
export const PHONE_SHAPES = FORMATS.map(({ shape }) => shape);

/** By size of the first group. */
const BY_SIZE: readonly (readonly Format[])[] = Array.from({ length: 12 }, (_, size) =>
  FORMATS.filter(({ shape }) => shape[0] === size),
);

/** Reports the phone numbers that begin with a group of a run of digits and are written in a national way. */
export function findPhones(run: Run, group: number, length: number, subject: Subject): void {
  for (const { shape, begins } of BY_SIZE[length] as readonly Format[]) {
    if (!run.has(group, shape)) continue;
    const start = opening(run.start(group), subject);
    const end = run.end(group + shape.length - 1);
    if (isAlnum(subject, start - 1) || isAlnum(subject, end)) continue;
    if (begins.test(firstDigits(run, group, subject))) subject.found.push({ detector: PHONE, start, end });
  }
}

/** Reports a run's international number. E.164: a plus sign, then 8 to 15 digits, the first not 0 (ITU-T, 2010). */
export function findInternational(run: Run, subject: Subject): boolean {
  const { units } = subject;
  const first = run.start(0);
  let start = first - 1;
  if (start >= 0 && units[start] === BRACKET) start -= 1;
  if (start < 0 || units[start] !== PLUS_SIGN || units[first] === ZERO || isAlnum(subject, start - 1)) return false;
  let digits = 0;
  let group = 0;
  const enough = run.digits <= 15 ? run.digits : 10;
  for (; group < run.size && digits < enough; group += 1) digits += run.length(group);
  const end = run.end(group - 1);
  if (digits < 8 || digits > 15 || isAlnum(subject, end)) return false;
  subject.found.push({ detector: PHONE, start, end });
  return true;
}

/** The first digits from a group on: enough for what a format must begin with. */
function firstDigits(run: Run, group: number, { text }: Subject): string {
  let digits = "";
  for (let index = group; index < run.size && digits.length < 5; index += 1) {
    digits += text.slice(run.start(index), run.start(index) + Math.min(5, run.length(index)));
  }
  return digits;
}

function opening(start: number, { units }: Subject): number {
  return start > 0 && units[start - 1] === BRACKET ? start - 1 : start;
}

function isAlnum({ units, text }: Subject, at: number): boolean {
  return at >= 0 && at < text.length && ((KIND[units[at] as number] as number) & ALNUM) !== 0;
}
