import { JsonPlace, jsonReplacement } from "./json-text.ts";
import { merged, type RuleSpan, redactBetween, replacement } from "./redact.ts";
import type { Screen } from "./screen.ts";

/** What has left is looked at again so far back: word boundaries, `Bearer`, `SSN`, digits before digits. */
const CONTEXT = 96;
const TRIM_AT = 2048;
/** What a glance at new text needs of the text before: the word it goes on, and the one before that. */
const TAIL = 64;
/** No more is held back: a match is caught for sure up to this length, in characters. */
export const LONGEST_HELD = 16_384;
/** From here on a growing hold is scanned again only when it has grown by a quarter, so that the work stays linear. */
const LAZY_FROM = 512;
/** Of a text that stops in the middle of a possible match, so much may leave when another text of the same writer begins. */
const LEAST_HELD = 8;
const MOST_DIGITS_LET_GO = 4;

/** One text of a stream as it arrives: what has left, what is final and what is held back. Offsets count from its begin. */
export class Channel {
  /** All up to here is final. */
  settled = 0;
  /** All that has arrived. */
  arrived = 0;
  readonly json: boolean;
  readonly choice: string;
  readonly #screen: Screen;
  /** From `#base` on. */
  #text = "";
  #base = 0;
  /** The last characters, kept apart: reading them out of a text that grows would copy it. */
  #tail = "";
  /** Final matches, {@link merged}; those before `#next` lie in text that has left. */
  #spans: readonly RuleSpan[] = [];
  #next = 0;
  #place = new JsonPlace();
  #placed = 0;
  #scanned = 0;
  /** Nothing is held, and in what arrived since the last scan no match is and none begins. */
  #quiet = true;

  constructor(screen: Screen, choice: string, json: boolean) {
    this.#screen = screen;
    this.choice = choice;
    this.json = json;
  }

  append(text: string): void {
    this.#text += text;
    this.arrived += text.length;
    const seen = this.#tail.length;
    const tail = this.#tail + text;
    this.#quiet = this.#quiet && this.#screen.isQuiet(tail, seen);
    this.#tail = tail.length > TAIL ? tail.slice(-TAIL) : tail;
  }

  /** Screens what has arrived. `final`: nothing follows. @returns the matches that are new. */
  scan(final: boolean): readonly RuleSpan[] {
    const open = this.arrived - this.settled;
    if (open === 0) return NONE;
    const forced = open > LONGEST_HELD;
    if (!final && !forced && open > LAZY_FROM && open < this.#scanned * 1.25) return NONE;
    if (this.#quiet) {
      this.settled = this.arrived;
      return NONE;
    }
    const skip = Math.max(0, this.settled - this.#base - CONTEXT);
    const offset = this.#base + skip;
    const from = this.settled - offset;
    const { spans, held } = this.#screen.find(skip === 0 ? this.#text : this.#text.slice(skip), from, final || forced);
    this.settled = offset + held;
    this.#scanned = this.arrived - this.settled;
    this.#quiet = this.#scanned === 0;
    if (spans.length === 0) return NONE;
    const found = spans.map(({ rule, start, end }) => ({
      rule,
      start: offset + Math.max(start, from),
      end: offset + end,
    }));
    this.#spans = merged([...this.#spans.slice(this.#next), ...found]);
    this.#next = 0;
    return found;
  }

  /** Another text of the same writer began: a short hold is let go, so that the reply does not stand still. */
  interrupt(): void {
    const held = this.#text.slice(this.settled - this.#base);
    if (held.length > LEAST_HELD || (held.match(/\p{Nd}/gu)?.length ?? 0) > MOST_DIGITS_LET_GO) return;
    this.settled = this.arrived;
    this.#quiet = true;
    this.#scanned = 0;
  }

  /** Whether a match lies between the offsets. To be asked in order. */
  isTouched(from: number, to: number): boolean {
    let span = this.#spans[this.#next];
    while (span !== undefined && span.end <= from) {
      this.#next += 1;
      span = this.#spans[this.#next];
    }
    return span !== undefined && span.start < to;
  }

  /** The text between the offsets with its matches replaced, after {@link isTouched} for the same. */
  redacted(from: number, to: number): string {
    const rules = this.#screen.rules;
    const base = this.#base;
    const spans: RuleSpan[] = [];
    for (let index = this.#next; index < this.#spans.length; index += 1) {
      const { rule, start, end } = this.#spans[index] as RuleSpan;
      if (start >= to) break;
      spans.push({ rule, start: start - base, end: end - base });
    }
    return redactBetween(this.#text, from - base, to - base, spans, (span) => {
      if (!this.json) return replacement(rules[span.rule]);
      this.#advance(span.start + base);
      return jsonReplacement(this.#text, span, this.#place, rules[span.rule]);
    });
  }

  /** The text up to this offset has left. */
  left(offset: number): void {
    if (this.json) this.#advance(offset);
    if (offset - this.#base <= TRIM_AT) return;
    const skip = offset - this.#base - CONTEXT;
    this.#text = this.#text.slice(skip);
    this.#base += skip;
  }

  #advance(to: number): void {
    if (to <= this.#placed) return;
    this.#place.advance(this.#text, this.#placed - this.#base, to - this.#base);
    this.#placed = to;
  }
}

const NONE: readonly RuleSpan[] = [];
