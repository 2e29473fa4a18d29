import { DIGIT, KIND, NUMBER, PLUS, SEPARATOR } from "./characters.ts";
import type { Subject } from "./matches.ts";
import { evaluateRun } from "./number-run.ts";
import { Run } from "./run.ts";

/** No number that is looked for has fewer characters. */
const SHORTEST = 9;
/** So many separators may stand between two digits of one number. */
const MOST_SEPARATORS = 2;
/** No number that is looked for has more digits; a run with more is judged by its last ones when more follows. */
const MOST_DIGITS = 19;

const ZERO = 0x30;
const PLUS_SIGN = 0x2b;
const BRACKET = 0x28;

/** No number that is looked for has fewer. */
const FEWEST_DIGITS = 9;
/** Except after a plus sign. */
const FEWEST_AFTER_PLUS = 8;
/** A plus sign parts numbers as this many separators do. */
const BREAK = 100;
/** Groups of no digits after the last one: what looks at the groups after one need not ask whether they are there. */
const ZEROS_AFTER = 4;

const run = new Run();

/**
 * Finds numbers. Every number is a stretch of at least nine characters of {@link NUMBER}, so only each ninth character
 * of other text is looked at.
 * @returns from where on the text may not leave yet, because more digits can follow; the text's length when none can.
 */
export function scanNumbers(subject: Subject): number {
  const { units, final } = subject;
  const { length } = subject.text;
  const kinds = KIND;
  let floor = 0;
  let index = SHORTEST - 1;
  while (index < length) {
    if (((kinds[units[index] as number] as number) & NUMBER) === 0) {
      index += SHORTEST;
      continue;
    }
    // Most such characters are the single spaces of a text.
    if (((kinds[units[index] as number] as number) & DIGIT) === 0 && isAlone(units, index, length)) floor = index + 1;
    else floor = stretch(subject, beginOf(units, index, floor));
    if (floor === length && !final) return held;
    index = floor + SHORTEST;
  }
  if (final) return length;
  const begin = beginOf(units, length, floor);
  if (begin === length) return length;
  stretch(subject, begin);
  return held;
}

/** Whether neither the character before nor the one after is part of a number. */
function isAlone(units: Uint16Array, index: number, length: number): boolean {
  const kinds = KIND;
  if (index + 1 >= length || ((kinds[units[index + 1] as number] as number) & NUMBER) !== 0) return false;
  return ((kinds[units[index - 1] as number] as number) & NUMBER) === 0;
}

/** Where the number characters before `index` begin. */
function beginOf(units: Uint16Array, index: number, floor: number): number {
  const kinds = KIND;
  let begin = index;
  while (begin > floor && ((kinds[units[begin - 1] as number] as number) & NUMBER) !== 0) begin -= 1;
  return begin;
}

/** From where on the last stretch that the text's end cut is held back. */
let held = 0;

/** Judges the runs of digits of one stretch. @returns where it ends; when the text's end cuts it, sets `held`. */
function stretch(subject: Subject, begin: number): number {
  const { units } = subject;
  const { length } = subject.text;
  const kinds = KIND;
  const groups = run;
  let { starts, sizes } = groups;
  let size = 0;
  let digits = 0;
  let separators = 0;
  let index = begin;
  while (index < length) {
    const unit = units[index] as number;
    if ((unit - ZERO) >>> 0 > 9) {
      const kind = kinds[unit] as number;
      if ((kind & SEPARATOR) !== 0) separators += 1;
      else if ((kind & PLUS) !== 0) separators = BREAK;
      else break;
      index += 1;
      continue;
    }
    if (separators > MOST_SEPARATORS) {
      finish(subject, size, digits);
      size = 0;
      digits = 0;
    }
    separators = 0;
    const start = index;
    do index += 1;
    while (((units[index] as number) - ZERO) >>> 0 <= 9);
    if (size + ZEROS_AFTER >= starts.length) {
      groups.grow();
      ({ starts, sizes } = groups);
    }
    starts[size] = start;
    sizes[size] = index - start;
    digits += index - start;
    size += 1;
  }
  const open = index === length && !subject.final;
  // Of a run that may go on only that is certain which ends before the part that is held back.
  if (!open || separators > MOST_SEPARATORS || digits > MOST_DIGITS) finish(subject, size, digits);
  if (open) held = heldFrom(subject, begin, index, separators > MOST_SEPARATORS ? 0 : size);
  return index;
}

/** Judges the run of `size` groups with `digits` digits. */
function finish(subject: Subject, size: number, digits: number): void {
  if (digits < FEWEST_DIGITS && (digits < FEWEST_AFTER_PLUS || !isSigned(subject))) return;
  run.size = size;
  run.digits = digits;
  const { sizes } = run;
  sizes[size] = 0;
  sizes[size + 1] = 0;
  sizes[size + 2] = 0;
  sizes[size + 3] = 0;
  evaluateRun(run, subject);
}

/** Whether a plus sign stands before the run, or a bracket that may come after one. */
function isSigned({ units }: Subject): boolean {
  const before = units[run.start(0) - 1];
  return before === PLUS_SIGN || before === BRACKET;
}

/** From where on an open stretch is held back: the last digits that a number may begin with, and a sign before them. */
function heldFrom({ units }: Subject, begin: number, end: number, size: number): number {
  let from = end;
  let digits = 0;
  // A group that is too long belongs to no number, and what comes after it still sees that.
  for (let group = size - 1; group >= 0 && digits <= MOST_DIGITS && run.length(group) <= MOST_DIGITS; group -= 1) {
    from = run.start(group);
    digits += run.length(group);
  }
  // `+(82) 10`: the sign belongs to the number, with the bracket behind it.
  if (from > begin && units[from - 1] === BRACKET) from -= 1;
  if (from > begin && units[from - 1] === PLUS_SIGN) from -= 1;
  return from;
}
