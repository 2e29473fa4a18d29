/**
 * What is known of a rule here. `declared`: the settings say it, and nobody looked; `procedure`: people see to it, or
 * nobody does; `running`: only the running system can tell; `not written`: a plan could decide it, and no rule does yet.
 */
export type Standing =
  | "passed"
  | "violated"
  | "excepted"
  | "unknown"
  | "declared"
  | "running"
  | "procedure"
  | "not written"
  | "does not apply";

/**
 * What that makes of a control. `met`: every rule that maps to it was decided by the plan and passed; `met in plan`: all
 * that a plan can decide passed, and there is more that it cannot; `undecided`: some of what a plan can decide is open.
 */
export type Verdict =
  | "met"
  | "met in plan"
  | "violated"
  | "excepted"
  | "undecided"
  | "declared"
  | "procedure"
  | "does not apply"
  | "not covered";

/** In the order in which reports count them. */
export const VERDICTS = [
  "violated",
  "excepted",
  "undecided",
  "met",
  "met in plan",
  "declared",
  "procedure",
  "not covered",
  "does not apply",
] as const satisfies readonly Verdict[];

/** Standings that are still open although a plan could decide them. */
const OPEN: readonly Standing[] = ["unknown", "not written"];

/** The verdict on a control from the rules that map to it; nothing counts for it but what was seen. */
export function verdictOf(standings: readonly Standing[]): Verdict {
  const rules: readonly Standing[] = standings.filter((standing) => standing !== "does not apply");
  const some = (standing: Standing): boolean => rules.includes(standing);
  const all = (standing: Standing): boolean => rules.every((each) => each === standing);
  if (standings.length === 0) return "not covered";
  if (rules.length === 0) return "does not apply";
  if (some("violated")) return "violated";
  if (some("excepted")) return "excepted";
  if (all("not written")) return "not covered";
  if (rules.some((standing) => OPEN.includes(standing))) return "undecided";
  if (some("passed")) return all("passed") ? "met" : "met in plan";
  return all("declared") ? "declared" : "procedure";
}
