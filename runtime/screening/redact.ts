/** One rule, ready for use. */
export interface Rule {
  readonly name: string;
  readonly action: "redact" | "route" | "block";
}

/** Where a rule matched. */
export interface RuleSpan {
  /** Index of the rule. */
  readonly rule: number;
  readonly start: number;
  readonly end: number;
}

/** What stands in a text instead of a match: the rule's name, never the text. */
export function replacement(rule: Rule | undefined): string {
  return `[redacted:${rule?.name ?? "rule"}]`;
}

/** Spans that overlap as one, under the name of the first. Sorted by start, as they must come. */
export function merged(spans: readonly RuleSpan[]): readonly RuleSpan[] {
  const out: RuleSpan[] = [];
  for (const span of spans) {
    const last = out[out.length - 1];
    if (last === undefined || span.start >= last.end) out.push(span);
    else if (span.end > last.end) out[out.length - 1] = { ...last, end: span.end };
  }
  return out;
}

/** The text with each span replaced. `spans` are sorted by start and may overlap. */
export function redact(text: string, spans: readonly RuleSpan[], rules: readonly Rule[]): string {
  return redactBetween(text, 0, text.length, merged(spans), ({ rule }) => replacement(rules[rule]));
}

/**
 * The part of a text from `from` to `to` with spans replaced; `spans` are {@link merged}. Of a span that begins before
 * `from` nothing is left here: its replacement stands where it begins.
 */
export function redactBetween(
  text: string,
  from: number,
  to: number,
  spans: readonly RuleSpan[],
  replace: (span: RuleSpan) => string,
): string {
  let out = "";
  let at = from;
  for (const span of spans) {
    if (span.start >= to) break;
    if (span.end <= from) continue;
    if (span.start > at) out += text.slice(at, span.start);
    if (span.start >= from) out += replace(span);
    at = Math.min(span.end, to);
  }
  return out + text.slice(at, to);
}
