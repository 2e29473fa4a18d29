import type { CheckReport, CheckViolation } from "./check.ts";

/** The report for a person: a line for each violation, then the sums. Problems of the input are not part of it. */
export function renderReport(report: CheckReport): string {
  return [...report.violations.map(violationLine), summary(report)].join("\n");
}

function violationLine(violation: CheckViolation): string {
  const { file, document, kind, namespace, name, place, control, problem, fix } = violation;
  const object = [kind, namespace, name].filter((part) => part !== null).join("/");
  return `${file}:${document} ${object} ${place}: ${control}: ${problem}; ${fix}`;
}

function summary({ level, version, files, pods, podsViolating, violations, problems, notJudged }: CheckReport): string {
  const others = Object.entries(notJudged).map(([kind, count]) => `${count} ${kind}`);
  return [
    `${level} ${version}: ${counted(pods, "pod")} in ${counted(files, "file")}`,
    podsViolating === 0 ? "none violates it" : `${podsViolating} violate it (${counted(violations.length, "problem")})`,
    ...(problems.length === 0 ? [] : [`${counted(problems.length, "fault")} of the input`]),
    ...(others.length === 0 ? [] : [`without a pod, not judged: ${others.join(", ")}`]),
  ].join("; ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
