import { DETECTORS, type ScreeningSettings } from "../settings/services.ts";
import { detect } from "./detect.ts";
import { openEnd } from "./escapes.ts";
import { Pattern } from "./pattern.ts";
import { isQuiet } from "./quiet.ts";
import { type Rule, type RuleSpan, redact } from "./redact.ts";

/** What is done with a match; stronger ones are further behind. */
export type ScreeningAction = "redact" | "route" | "block";
const STRENGTH = { pass: 0, redact: 1, route: 2, block: 3 } as const;

/** How often a rule matched. Never what. */
export interface Hit {
  readonly rule: string;
  readonly action: ScreeningAction;
  readonly count: number;
}

/** The judgement on one text. */
export interface Verdict {
  /** The strongest of all rules that matched. */
  readonly action: "pass" | ScreeningAction;
  /** With `[redacted:<rule>]` for what rules with the action redact (and block) matched; the same string when nothing did. */
  readonly text: string;
  readonly hits: readonly Hit[];
}

/** What was found in a text, of which more may follow. */
export interface Finding {
  /** By start; they may overlap. All of them end before `held`. */
  readonly spans: readonly RuleSpan[];
  /** From here on nothing may leave yet. */
  readonly held: number;
}

const NO_HITS: readonly Hit[] = [];
const NO_SPANS: readonly RuleSpan[] = [];

/** The rules that texts are screened with. Immutable; texts do not influence each other. */
export class Screen {
  readonly rules: readonly Rule[];
  /** Whether there are rules. */
  readonly active: boolean;
  /** Bits of the detectors in use. */
  readonly #wanted: number;
  /** Rules by detector. */
  readonly #byDetector: readonly (readonly number[])[];
  readonly #patterns: readonly { readonly rule: number; readonly pattern: Pattern }[];

  private constructor(settings: ScreeningSettings) {
    this.rules = settings.rules.map(({ name, action }) => ({ name, action }));
    this.active = settings.rules.length > 0;
    this.#byDetector = DETECTORS.map((detector) =>
      settings.rules.flatMap((rule, index) => ("detector" in rule && rule.detector === detector ? [index] : [])),
    );
    this.#wanted = this.#byDetector.reduce((bits, rules, index) => (rules.length > 0 ? bits | (1 << index) : bits), 0);
    this.#patterns = settings.rules.flatMap((rule, index) =>
      "pattern" in rule
        ? [{ rule: index, pattern: Pattern.compile(rule.name, rule.pattern, `screening.rules[${index}].pattern`) }]
        : [],
    );
  }

  /** @throws ProblemError `screening/bad-pattern`, `screening/slow-pattern`, `screening/empty-match`. */
  static compile(settings: ScreeningSettings): Screen {
    return new Screen(settings);
  }

  /** Judges a whole text. Text that a `route` rule matched stays: it goes where it may be known. @throws Error: refuse the request. */
  text(text: string): Verdict {
    const { spans } = this.find(text, 0, true);
    if (spans.length === 0) return { action: "pass", text, hits: NO_HITS };
    return {
      action: this.strongest(spans),
      text: redact(
        text,
        spans.filter(({ rule }) => this.rules[rule]?.action !== "route"),
        this.rules,
      ),
      hits: this.hits(spans),
    };
  }

  /**
   * Finds what rules match in `text` from `from` on; what stands before it has left and is only looked at.
   * `final`: nothing follows.
   */
  find(text: string, from: number, final: boolean): Finding {
    if (!this.active) return { spans: NO_SPANS, held: text.length };
    if (!final) {
      // Half an escape must not end the digits before it: what is not whole has not arrived yet.
      const whole = Math.max(from, openEnd(text));
      if (whole < text.length) return this.#find(text.slice(0, whole), from, false);
    }
    return this.#find(text, from, final);
  }

  #find(text: string, from: number, final: boolean): Finding {
    const { matches, held, reading } = detect(text, this.#wanted, final);
    let spans: RuleSpan[] | undefined;
    for (const { detector, start, end } of matches) {
      if (end <= from) continue;
      spans ??= [];
      for (const rule of this.#byDetector[detector] ?? []) spans.push({ rule, start, end });
    }
    let open = Math.max(from, held);
    for (const { rule, pattern } of this.#patterns) {
      for (const { start, end } of pattern.find(text, from)) {
        spans ??= [];
        spans.push({ rule, start, end });
      }
      if (!final) open = Math.min(open, pattern.held(text, from));
    }
    const { view } = reading;
    if (view !== undefined && this.#patterns.length > 0) {
      const viewFrom = viewOffset(view.text.length, view.start, from);
      for (const { rule, pattern } of this.#patterns) {
        for (const { start, end } of pattern.find(view.text, viewFrom)) {
          spans ??= [];
          spans.push({ rule, start: view.start(start), end: view.end(end) });
        }
        if (!final) open = Math.min(open, Math.max(from, view.start(pattern.held(view.text, viewFrom))));
      }
    }
    if (spans === undefined) return { spans: NO_SPANS, held: open };
    sortByStart(spans);
    return final ? { spans, held: text.length } : settle(spans, open);
  }

  /**
   * Whether it is certain at a glance that in `text` from `from` on no match is and none begins. False means nothing: ask
   * {@link find}. For the words of a stream, most of which are plain.
   */
  isQuiet(text: string, from: number): boolean {
    if (!this.active) return true;
    if (!isQuiet(text, from)) return false;
    for (const { pattern } of this.#patterns) if (pattern.mayBegin(text, from)) return false;
    return true;
  }

  /** The strongest action of the rules that matched. */
  strongest(spans: readonly RuleSpan[]): "pass" | ScreeningAction {
    let strongest: "pass" | ScreeningAction = "pass";
    for (const { rule } of spans) {
      const action = this.rules[rule]?.action ?? "pass";
      if (STRENGTH[action] > STRENGTH[strongest]) strongest = action;
    }
    return strongest;
  }

  /** How often each rule matched; matches of one rule that overlap are one. `spans` are sorted by start. */
  hits(spans: readonly RuleSpan[]): readonly Hit[] {
    const counts = new Map<number, { count: number; end: number }>();
    for (const { rule, start, end } of spans) {
      const seen = counts.get(rule);
      if (seen === undefined) counts.set(rule, { count: 1, end });
      else {
        if (start >= seen.end) seen.count += 1;
        seen.end = Math.max(seen.end, end);
      }
    }
    return [...counts].map(([rule, { count }]) => ({ ...(this.rules[rule] as Rule), count })).map(toHit);
  }
}

/** Sorts in place, unless it is sorted: matches of one pattern are. */
function sortByStart(spans: RuleSpan[]): void {
  for (let index = 1; index < spans.length; index += 1) {
    if (compare(spans[index - 1] as RuleSpan, spans[index] as RuleSpan) > 0) {
      spans.sort(compare);
      return;
    }
  }
}

function compare(a: RuleSpan, b: RuleSpan): number {
  return a.start - b.start || b.end - a.end || a.rule - b.rule;
}

function toHit({ name, action, count }: Rule & { readonly count: number }): Hit {
  return { rule: name, action, count };
}

/** The first offset of a view that stands for the original's offset `from` or a later one. */
function viewOffset(length: number, start: (index: number) => number, from: number): number {
  if (from === 0) return 0;
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start(middle) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A match that reaches into what is held back waits with it. `spans` are sorted by start. */
function settle(spans: readonly RuleSpan[], open: number): Finding {
  let held = open;
  for (let index = spans.length - 1; index >= 0; index -= 1) {
    const { start, end } = spans[index] as RuleSpan;
    if (end > held && start < held) held = start;
  }
  return { spans: spans.filter(({ end }) => end <= held), held };
}
