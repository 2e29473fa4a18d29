import type { Problem } from "@breakwater/runtime/problems";
import { MEASURES, type Measure, type Unit } from "./measures.ts";

/** A condition of the settings, understood. */
export interface Condition {
  readonly expr: string;
  /** What the value is, for the reader of an alert. */
  readonly says: string;
}

const SHAPE =
  /^(?<word>[a-z_][a-z0-9_]*) *(?<compares>>=|<=|==|>|<) *(?<dollar>\$?)(?<number>\d+(?:\.\d+)?)(?<unit>%|ms|s)?$/;

/** How much of the base unit one of a unit is, as a power of ten, so that no digit is lost in between. */
const EXPONENT: Readonly<Record<Unit, number>> = { "%": -2, ms: -3, s: 0, $: 0, "": 0 };

/**
 * `error_rate > 5%` as PromQL over our own metrics.
 *
 * @param path of the condition, in its author's words.
 * @returns the condition, or every problem that it has: `monitoring/malformed-condition`, `monitoring/unknown-metric`,
 *   `monitoring/wrong-unit`, `monitoring/unreachable-threshold`.
 */
export function parseCondition(text: string, path: string): Condition | readonly Problem[] {
  const parts = SHAPE.exec(text)?.groups;
  if (parts === undefined) return [malformed(text, path)];
  const { word = "", compares = "", dollar = "", number = "", unit: suffix = "" } = parts;
  const unit = (dollar === "" ? suffix : `${dollar}${suffix}`) as Unit;
  const measure = Object.hasOwn(MEASURES, word) ? MEASURES[word] : undefined;
  if (measure === undefined) return [unknownMetric(word, path)];
  if (!measure.units.includes(unit)) return [wrongUnit({ word, measure, text }, path)];
  // As text, because 0.1 + 0.2 is what people do not want to find in an alert.
  const threshold = Number(`${number}e${EXPONENT[unit]}`);
  if (measure.largest !== undefined && !isReachable(compares, threshold, measure.largest)) {
    return [unreachable({ word, measure, text }, path)];
  }
  return { expr: `${measure.expr} ${compares} ${threshold}`, says: measure.says };
}

/** Whether a value that is at most `largest` can ever meet the comparison. */
function isReachable(compares: string, threshold: number, largest: number): boolean {
  return compares === ">" ? threshold < largest : threshold <= largest || compares.startsWith("<");
}

interface Refused {
  readonly word: string;
  readonly measure: Measure;
  readonly text: string;
}

function malformed(text: string, path: string): Problem {
  return {
    code: "monitoring/malformed-condition",
    path,
    got: JSON.stringify(text),
    expected: "a metric, a comparison and a threshold",
    remedy: 'write it as in "error_rate > 5%"',
  };
}

function unknownMetric(word: string, path: string): Problem {
  return {
    code: "monitoring/unknown-metric",
    path,
    got: JSON.stringify(word),
    expected: `one of ${Object.keys(MEASURES).join(", ")}`,
    remedy: "name one that is measured",
  };
}

function wrongUnit({ word, measure, text }: Refused, path: string): Problem {
  const [unit = ""] = measure.units;
  const example = unit === "$" ? "$800" : `5${unit}`;
  return {
    code: "monitoring/wrong-unit",
    path,
    got: JSON.stringify(text),
    expected: `${word} in ${measure.units.map((each) => (each === "" ? "plain numbers" : each)).join(" or ")}`,
    remedy: `write the threshold as in "${word} > ${example}"`,
  };
}

function unreachable({ word, measure, text }: Refused, path: string): Problem {
  const [unit = ""] = measure.units;
  const largest = unit === "%" ? (measure.largest ?? 0) * 100 : measure.largest;
  return {
    code: "monitoring/unreachable-threshold",
    path,
    got: JSON.stringify(text),
    expected: `a threshold that ${word} can pass: it is never above ${largest}${unit}`,
    remedy: "choose a smaller threshold",
  };
}
