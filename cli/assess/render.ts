import { grouped } from "../../cost/groups.ts";
import { totalSentence } from "../../cost/sentences.ts";
import { formatUsd } from "../../cost/text.ts";
import type { Verdict } from "../compliance/verdict.ts";
import type { Assessment } from "./assess.ts";
import type { Outlook, StandardOutlook } from "./outlook.ts";

/** The result for a person; the environment file follows where it was not written anywhere. */
export function renderAssessment(assessment: Assessment, outlook: Outlook, out: string | undefined): string {
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
    ...costLines(outlook),
    "",
    ...outlook.standards.flatMap(standardLines),
    "Next",
    ...(out === file ? [] : [out === undefined ? `  put what follows into ${file}` : `  move ${out} to ${file}`]),
    ...next.map((line) => `  npx ${line}`),
    ...(out === undefined ? ["", yaml.trimEnd()] : []),
  ].join("\n");
}

const DRIVERS = 5;

/** The sum, what it is mostly made of, and what is not in it. */
function costLines({ cost: { estimate, sourceTable }, day, resources }: Outlook): readonly string[] {
  const { total, tenants, unpriced } = estimate;
  const source = sourceTable.find(({ item }) => item === "total");
  const lines = grouped(estimate.lines).slice(0, DRIVERS);
  return [
    `Cost by prices of ${day}, ${resources} resources: ${totalSentence(estimate)}`,
    ...lines.map(({ what, bounds }) => `  - ${formatUsd(bounds.expected)} ${what}`),
    ...tenants.map(({ id, totalMicroUsd }) => `  - ${formatUsd(totalMicroUsd.expected)} of it for ${id}`),
    ...(source?.sourceMicroUsd == null
      ? []
      : [`  - the source's table has ${formatUsd(source.sourceMicroUsd)} for such a size: ${source.why}`]),
    ...(total.expected > 0 && unpriced.length > 0
      ? ["  - what has no price is not in the sum: breakwater cost names it"]
      : []),
  ];
}

/** What of one standard the plan shows, and which controls it leaves open. */
function standardLines({ standard, counts, open }: StandardOutlook): readonly string[] {
  const shown = counts.met + counts["met in plan"] + counts.declared;
  return [
    `${standard}: ${counts.met} controls met by the plan, ${counts["met in plan"]} as far as a plan can tell, ${counts.declared} declared`,
    ...open.map(({ verdict, controls }) => `  - ${OPEN_WORDS[verdict] ?? verdict}: ${controls.join(", ")}`),
    ...(shown === 0 ? ["  - nothing of it is shown by the plan"] : []),
    "",
  ];
}

const OPEN_WORDS: Readonly<Partial<Record<Verdict, string>>> = {
  violated: "violated",
  excepted: "not kept, accepted by name until a day",
  undecided: "known only after the update",
  procedure: "your own procedure",
  "not covered": "no rule is about it",
};
