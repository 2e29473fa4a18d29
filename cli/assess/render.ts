import type { Assessment } from "./assess.ts";

/** The result for a person; the environment file follows where it was not written anywhere. */
export function renderAssessment(assessment: Assessment, out: string | undefined): string {
  const { environment, architecture, topology, template, reasons, gaps, file, yaml, next } = assessment;
  return [
    `${environment}: architecture ${architecture} on ${topology}, made from the shipped environment ${template}`,
    "",
    "Why",
    ...reasons.map((reason) => `  - ${reason}`),
    "",
    gaps.length === 0 ? "Everything that was asked for is given." : "Not given",
    ...gaps.map(({ id, says }) => `  - ${id}: ${says}`),
    "",
    "Next",
    ...(out === file ? [] : [out === undefined ? `  put what follows into ${file}` : `  move ${out} to ${file}`]),
    ...next.map((line) => `  npx ${line}`),
    ...(out === undefined ? ["", yaml.trimEnd()] : []),
  ].join("\n");
}
