import { KIND, SEPARATOR } from "./characters.ts";
import { CARD, CN_ID, PHONE, RRN, SSN, type Subject } from "./matches.ts";
import { isCnResidentId, isKrRrn, isUsSsn } from "./national-ids.ts";
import { cardLengths, luhnOfFour, luhnSum } from "./payment-card.ts";
import { findInternational, findPhones, PHONE_SHAPES } from "./phone.ts";
import type { Run } from "./run.ts";

/** How card numbers are written in groups; any other way counts only when the run holds nothing else. */
const CARD_SHAPES = [
  [4, 4, 4],
  [4, 6, 5],
  [4, 6, 4],
  [6, 13],
  [6, 10],
  [8, 8],
];
const CN_SHAPES = [
  [6, 8, 4],
  [6, 4, 4, 4],
];
/** With an X after it. */
const CN_SHAPES_X = [
  [6, 8, 3],
  [6, 4, 4, 3],
];
const SSN_SHAPE = [3, 2, 4];
const RRN_SHAPE = [6, 7];

const SSN_BIT = 1 << SSN;
const CARD_BIT = 1 << CARD;
const RRN_BIT = 1 << RRN;
const CN_BIT = 1 << CN_ID;
const PHONE_BIT = 1 << PHONE;

/** Nine plain digits are a social security number only after one of these words: by themselves they are any number. */
const SSN_WORD = /ssn|social[\s_-]*security|soc[\s._-]*sec|사회\s*보장|社会(?:安全|保障)|社會(?:安全|保障)/i;
const WORD_REACH = 48;
/** A date may come between; in a column of numbers there is no word. */
const MOST_DIGITS_BETWEEN = 8;

const collected = new Uint8Array(32);

/** Reports every number that the run's digits can be. */
export function evaluateRun(run: Run, subject: Subject): void {
  const phones = (subject.wanted & PHONE_BIT) !== 0 && !findInternational(run, subject);
  const { sizes, size } = run;
  const promising = PROMISING;
  // Sizes of this group and the two after it; most need no further look.
  let near = (Math.min(sizes[0] as number, MANY) << 4) | Math.min(sizes[1] as number, MANY);
  for (let group = 0; group < size; group += 1) {
    near = ((near << 4) | Math.min(sizes[group + 2] as number, MANY)) & 0xfff;
    if (promising[near] === 0) continue;
    const length = sizes[group] as number;
    if (length === 4 || length === 8) cardInGroups(run, group, length, subject);
    else if (length === 3) ssnInGroups(run, group, subject);
    else if (length === 6) sixFirst(run, group, subject);
    else if (length >= 9) inOneGroup(run, group, length, subject);
    if (phones && (length <= 3 || length === 10 || length === 11)) findPhones(run, group, length, subject);
  }
  if (size > 1 && run.digits <= 19) isolated(run, subject);
}

/** Group sizes from here on are told apart no further. */
const MANY = 15;

/** By the sizes of three groups in a row (four bits each): whether the first of them can begin a number. */
const PROMISING = new Uint8Array(4096);
for (const shapes of [SSN_SHAPE, RRN_SHAPE, ...CARD_SHAPES, ...CN_SHAPES, ...CN_SHAPES_X, ...PHONE_SHAPES])
  promise(shapes);
for (let size = 9; size <= MANY; size += 1) promise([size]);

function promise(shape: readonly number[]): void {
  for (let sizes = 0; sizes < 4096; sizes += 1) {
    const groups = [sizes >> 8, (sizes >> 4) & 15, sizes & 15];
    if (groups.every((size, index) => shape[index] === undefined || shape[index] === size)) PROMISING[sizes] = 1;
  }
}

function inOneGroup(run: Run, group: number, length: number, subject: Subject): void {
  const { wanted } = subject;
  if (length >= 13 && length <= 19 && (wanted & CARD_BIT) !== 0 && mayBeCard(run, group, length, subject)) {
    card(run, group, 1, subject);
  }
  if (length === 9 && (wanted & SSN_BIT) !== 0 && named(run, group, subject)) ssn(run, group, 1, subject);
  if (length === 13 && (wanted & RRN_BIT) !== 0) rrn(run, group, 1, false, subject);
  if (length === 17 && (wanted & CN_BIT) !== 0) cnIdWithX(run, group, 1, subject);
  if (length === 18 && (wanted & CN_BIT) !== 0) cnId(run, group, 1, subject);
}

function cardInGroups(run: Run, group: number, length: number, subject: Subject): void {
  if ((subject.wanted & CARD_BIT) === 0) return;
  const allowed = cardLengths(firstFour(run, group, subject));
  if (allowed === 0) return;
  const second = run.length(group + 1);
  if (length === 8) {
    if (second === 8 && (allowed & (1 << 16)) !== 0) card(run, group, 2, subject);
  } else if (length === 6) {
    if ((second === 13 || second === 10) && (allowed & (1 << (6 + second))) !== 0) card(run, group, 2, subject);
  } else if (second === 6) {
    const third = run.length(group + 2);
    if ((third === 5 || third === 4) && (allowed & (1 << (10 + third))) !== 0) card(run, group, 3, subject);
  } else if (second === 4) cardInFours(run, group, allowed, subject);
}

/** 4-4-4-4, 4-4-4-4-3 and 4-4-4-1, when the first two groups are known to have four digits. */
function cardInFours(run: Run, group: number, allowed: number, subject: Subject): void {
  const fourth = run.length(group + 3);
  if (run.length(group + 2) !== 4) return;
  if (fourth === 1 && (allowed & (1 << 13)) !== 0) card(run, group, 4, subject);
  if (fourth !== 4) return;
  if ((allowed & (1 << 16)) !== 0) {
    let sum = 0;
    for (let index = group; index < group + 4; index += 1) sum += luhnOfFour(firstFour(run, index, subject));
    if (sum % 10 === 0) report(CARD, run, group, 4, subject);
  }
  if ((allowed & (1 << 19)) !== 0 && run.length(group + 4) === 3) card(run, group, 5, subject);
}

function ssnInGroups(run: Run, group: number, subject: Subject): void {
  if ((subject.wanted & SSN_BIT) !== 0 && run.has(group, SSN_SHAPE)) ssn(run, group, 3, subject);
}

function sixFirst(run: Run, group: number, subject: Subject): void {
  const { wanted } = subject;
  cardInGroups(run, group, 6, subject);
  if ((wanted & RRN_BIT) !== 0 && run.has(group, RRN_SHAPE)) rrn(run, group, 2, true, subject);
  if ((wanted & CN_BIT) === 0) return;
  for (const groups of CN_SHAPES) if (run.has(group, groups)) cnId(run, group, groups.length, subject);
  for (const groups of CN_SHAPES_X) if (run.has(group, groups)) cnIdWithX(run, group, groups.length, subject);
}

function mayBeCard(run: Run, group: number, length: number, subject: Subject): boolean {
  return (cardLengths(firstFour(run, group, subject)) & (1 << length)) !== 0;
}

/** Four times the character 0, at its places. */
const ZEROS = 0x30 * 1111;

/** The first four digits of a group that has as many. */
function firstFour(run: Run, group: number, { units }: Subject): number {
  const at = run.start(group);
  const high = (units[at] as number) * 1000 + (units[at + 1] as number) * 100;
  return high + (units[at + 2] as number) * 10 + (units[at + 3] as number) - ZEROS;
}

/** A run that is one number and nothing else may be written in any groups. */
function isolated(run: Run, subject: Subject): void {
  const { wanted } = subject;
  if ((wanted & CARD_BIT) !== 0) isolatedCard(run, subject);
  if ((wanted & SSN_BIT) !== 0 && run.digits === 9 && !run.has(0, SSN_SHAPE) && named(run, 0, subject)) {
    ssn(run, 0, run.size, subject);
  }
  if ((wanted & RRN_BIT) !== 0 && run.digits === 13 && !run.has(0, RRN_SHAPE)) rrn(run, 0, run.size, false, subject);
  if ((wanted & CN_BIT) !== 0 && run.digits === 18) cnId(run, 0, run.size, subject);
  if ((wanted & CN_BIT) !== 0 && run.digits === 17) cnIdWithX(run, 0, run.size, subject);
}

/** Luhn's check over groups whose first digits and length are an issuer's. */
function card(run: Run, group: number, groups: number, subject: Subject): void {
  let sum = 0;
  let odd = false;
  for (let index = group + groups - 1; index >= group; index -= 1) {
    const start = run.start(index);
    const end = run.end(index);
    sum += luhnSum(subject.units, start, end, odd);
    odd = odd !== (((end - start) & 1) === 1);
  }
  if (sum % 10 === 0) report(CARD, run, group, groups, subject);
}

function isolatedCard(run: Run, subject: Subject): void {
  if (run.digits < 13) return;
  let prefix = 0;
  let taken = 0;
  for (let group = 0; taken < 4; group += 1) {
    const end = run.end(group);
    for (let at = run.start(group); at < end && taken < 4; at += 1, taken += 1) {
      prefix = prefix * 10 + (subject.units[at] as number) - 0x30;
    }
  }
  if ((cardLengths(prefix) & (1 << run.digits)) !== 0) card(run, 0, run.size, subject);
}

function ssn(run: Run, group: number, groups: number, subject: Subject): void {
  if (isUsSsn(collect(run, group, groups, subject))) report(SSN, run, group, groups, subject);
}

function rrn(run: Run, group: number, groups: number, written: boolean, subject: Subject): void {
  if (isKrRrn(collect(run, group, groups, subject), written)) report(RRN, run, group, groups, subject);
}

function cnId(run: Run, group: number, groups: number, subject: Subject): void {
  const digits = collect(run, group, groups, subject);
  if (isCnResidentId(digits, digits[17] as number)) report(CN_ID, run, group, groups, subject);
}

function cnIdWithX(run: Run, group: number, groups: number, subject: Subject): void {
  const { units, text, found } = subject;
  let at = run.end(group + groups - 1);
  for (let skipped = 0; skipped < 2 && at < text.length && isSeparator(units[at] as number); skipped += 1) at += 1;
  const check = units[at];
  if (at >= text.length || (check !== 0x58 && check !== 0x78)) return;
  const digits = collect(run, group, groups, subject);
  if (isCnResidentId(digits, 10)) found.push({ detector: CN_ID, start: run.start(group), end: at + 1 });
}

/** The same as between digits: a stream waits at these for more, and lets go at any other character. */
function isSeparator(unit: number): boolean {
  return ((KIND[unit] as number) & SEPARATOR) !== 0;
}

/** Whether a word before the digits says what they are. */
function named(run: Run, group: number, { text, units }: Subject): boolean {
  const at = run.start(group);
  const from = Math.max(0, at - WORD_REACH);
  let digits = 0;
  for (let index = at - 1; index >= from && digits <= MOST_DIGITS_BETWEEN; index -= 1) {
    const unit = units[index] as number;
    if ((unit - 0x30) >>> 0 <= 9) digits += 1;
    if ((unit | 0x20) === SMALL_S || unit > 0x7f) return SSN_WORD.test(text.slice(from, at));
  }
  return false;
}

const SMALL_S = 0x73;

/** The digits of `groups` groups, at most 32; good until the next call. */
function collect(run: Run, group: number, groups: number, { units }: Subject): Uint8Array {
  let size = 0;
  for (let index = group; index < group + groups; index += 1) {
    const end = run.end(index);
    for (let at = run.start(index); at < end && size < 32; at += 1) {
      collected[size] = (units[at] as number) - 0x30;
      size += 1;
    }
  }
  return collected;
}

function report(detector: number, run: Run, group: number, groups: number, { found }: Subject): void {
  found.push({ detector, start: run.start(group), end: run.end(group + groups - 1) });
}
