import { type Rule, type RuleSpan, replacement } from "./redact.ts";

/** Follows a JSON text from its begin and knows whether a place in it is inside a string. */
export class JsonPlace {
  inString = false;
  #escaped = false;

  advance(text: string, from: number, to: number): void {
    for (let index = from; index < to; index += 1) {
      const code = text.charCodeAt(index);
      if (!this.inString) {
        if (code === QUOTE) this.inString = true;
      } else if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) this.inString = false;
    }
  }

  copy(): JsonPlace {
    const copy = new JsonPlace();
    copy.inString = this.inString;
    copy.#escaped = this.#escaped;
    return copy;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What a JSON number can go on with. */
const NUMBER_PART = /[-+.eE\d]/;

/**
 * What replaces a span of a JSON text so that it stays one: inside a string the plain replacement, a whole number becomes
 * a string, and a part of a number becomes 0. `place` is that of the span's begin.
 */
export function jsonReplacement(text: string, span: RuleSpan, place: JsonPlace, rule: Rule | undefined): string {
  const plain = JSON.stringify(replacement(rule)).slice(1, -1);
  const after = place.copy();
  after.advance(text, span.start, span.end);
  if (!place.inString && !after.inString) {
    const part = NUMBER_PART.test(text.charAt(span.start - 1)) || NUMBER_PART.test(text.charAt(span.end));
    if (part) return "0";
  }
  return `${place.inString ? "" : '"'}${plain}${after.inString ? "" : '"'}`;
}
