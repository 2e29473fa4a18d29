import { setFlagsFromString } from "node:v8";
import { refuse } from "../problems/index.ts";
import {
  firstCharacters,
  longestMatch,
  type Node,
  parsePattern,
  render,
  renderBeginning,
  shortestMatch,
  UnsupportedPattern,
  waysToTry,
} from "./pattern-syntax.ts";

const LONGEST_PATTERN = 1000;
/** Held back in a stream for a pattern whose beginnings are too many to be recognised, in characters. */
const BLIND_HOLD = 256;
/** One text may keep one pattern busy so long: many matches, each looked for to the end of the text, add up. */
const BUSY_MS = 250;

/** A stretch of text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A pattern with no more ways to try it at one place, and no longer matches, is as good as linear on any engine. */
const FEW_WAYS = 32;
const SHORT_MATCH = 256;

let linearEngine = false;

/**
 * Gives regular expressions the flag `l`, with which V8 runs them on its linear engine or refuses to make them: tried with
 * Node 20.20 and Node 26.10, where the option works at run time. Nothing else in the process changes. (V8's other option,
 * to hand over to that engine after much backtracking, would change every expression of the process, and 50,000 steps back
 * of a long harmless text hand over too.)
 */
function enableLinearEngine(): void {
  if (linearEngine) return;
  setFlagsFromString("--enable-experimental-regexp-engine");
  linearEngine = true;
}

/** A tenant's own pattern. */
export class Pattern {
  readonly #whole: RegExp;
  /** Matches from where a match may have begun to the end of the text; undefined: not to be told. */
  readonly #begun: RegExp | undefined;
  readonly #first: RegExp;
  readonly #rule: string;

  private constructor(rule: string, first: RegExp, whole: RegExp, begun: RegExp | undefined) {
    this.#rule = rule;
    this.#first = first;
    this.#whole = whole;
    this.#begun = begun;
  }

  /** @throws ProblemError `screening/bad-pattern`, `screening/slow-pattern`, `screening/empty-match`. */
  static compile(rule: string, source: string, path: string): Pattern {
    if (source.length > LONGEST_PATTERN) {
      refuse({
        code: "screening/bad-pattern",
        path,
        got: `a pattern of ${source.length} characters`,
        expected: `at most ${LONGEST_PATTERN}`,
        remedy: "split it into several rules",
      });
    }
    try {
      new RegExp(source);
    } catch (error) {
      refuse(
        {
          code: "screening/bad-pattern",
          path,
          got: `${JSON.stringify(source)} (${error instanceof Error ? error.message : "unreadable"})`,
          expected: "a JavaScript regular expression without flags",
          remedy: "correct the pattern",
        },
        { cause: error },
      );
    }
    enableLinearEngine();
    const node = understood(source, path);
    if (shortestMatch(node) === 0) {
      refuse({
        code: "screening/empty-match",
        path,
        got: `${JSON.stringify(source)}, which matches the empty text`,
        expected: "a pattern of at least one character",
        remedy: "use + instead of *, or name what must be there",
      });
    }
    return new Pattern(
      rule,
      new RegExp([...new Set(firstCharacters(node))].join("|"), "g"),
      whole(node, source, path),
      begun(node),
    );
  }

  /**
   * The matches in a text from `from` on; what stands before `from` is only looked at for word boundaries.
   * @throws Error when the text keeps the pattern busy too long.
   */
  find(text: string, from: number): readonly Span[] {
    const whole = this.#whole;
    const first = this.#first;
    // Far faster than the linear engine, which most texts need not reach.
    first.lastIndex = from;
    const begin = first.exec(text);
    if (begin === null) return NONE;
    whole.lastIndex = begin.index;
    let match = whole.exec(text);
    if (match === null) return NONE;
    const spans: Span[] = [];
    const deadline = performance.now() + BUSY_MS;
    for (; match !== null; match = whole.exec(text)) {
      spans.push({ start: match.index, end: whole.lastIndex });
      if ((spans.length & 15) === 0 && performance.now() > deadline) {
        throw new Error(`the pattern of screening rule "${this.#rule}" takes too long for this text`);
      }
    }
    return spans;
  }

  /** Whether a character from `from` on can be the first of a match. */
  mayBegin(text: string, from: number): boolean {
    this.#first.lastIndex = from;
    return this.#first.test(text);
  }

  /** From where on, not before `from`, a match may have begun that more text completes or makes longer. */
  held(text: string, from: number): number {
    if (this.#begun === undefined) return Math.max(from, text.length - BLIND_HOLD);
    this.#begun.lastIndex = from;
    return this.#begun.exec(text)?.index ?? text.length;
  }
}

const NONE: readonly Span[] = [];

function understood(source: string, path: string): Node {
  try {
    return parsePattern(source);
  } catch (error) {
    if (error instanceof UnsupportedPattern) return refuseSlow(source, path, `it ${error.message}`, error);
    throw error;
  }
}

function whole(node: Node, source: string, path: string): RegExp {
  try {
    return linear(node, render(node));
  } catch (error) {
    const reason = error instanceof UnsupportedPattern ? `it ${error.message}` : "V8's linear engine does not take it";
    return refuseSlow(source, path, reason, error);
  }
}

function begun(node: Node): RegExp | undefined {
  try {
    return linear(node, `(?:${renderBeginning(node)})$`);
  } catch {
    // Too long for the engine: a fixed part is held back instead.
    return undefined;
  }
}

/**
 * An expression that takes time in proportion to the text: on the linear engine (11 to 40 MB/s), or on the usual one (1000
 * MB/s) when the pattern is such that it cannot be slow there. @throws SyntaxError when the linear engine does not take it.
 */
function linear(node: Node, source: string): RegExp {
  const checked = new RegExp(source, "gl");
  return waysToTry(node) <= FEW_WAYS && longestMatch(node) <= SHORT_MATCH ? new RegExp(source, "g") : checked;
}

function refuseSlow(source: string, path: string, reason: string, cause: unknown): never {
  return refuse(
    {
      code: "screening/slow-pattern",
      path,
      got: `${JSON.stringify(source)}, which cannot be run in linear time: ${reason}`,
      expected: "a pattern without look-around, references to groups and very large repeats",
      remedy: "write it without them",
    },
    { cause },
  );
}
