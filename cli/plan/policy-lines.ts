import { formatProblem } from "@breakwater/runtime/problems";
import { resourceName } from "../../policies/resource-name.ts";
import { coveredBy, type RuleFindings, type Verdict } from "../../policies/verdict.ts";

/** Resources of one rule that are named; the rest is counted. `--json` has all. */
const SHOWN = 4;

/** What the policies say of a plan, as lines. */
export function policyLines({ counts, mandatory, advisory, excepted, unused, problems }: Verdict): readonly string[] {
  const decided = `${counts.passed} passed, ${counts.violated} violated, ${counts.excepted} accepted, ${counts.unknown} wait for values of an update`;
  const others = `${counts["does not apply"]} do not apply, ${counts.declared} are declared, ${counts["not evaluated"]} no plan can tell`;
  return [
    `Policies: ${decided}; ${others}`,
    ...section("Refused", [
      ...problems.map(formatProblem),
      ...mandatory.flatMap((each) => [...violationLines(each), `  ${each.rule.remedy}`]),
    ]),
    ...section("Advisory", advisory.flatMap(violationLines)),
    ...section("Accepted", excepted.flatMap(exceptionLines)),
    ...section(
      "Exceptions that cover nothing",
      unused.map(({ rule, resource }) => (resource === undefined ? rule : `${rule} for ${resource}`)),
    ),
    "",
  ];
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}

function violationLines({ rule, findings }: RuleFindings): readonly string[] {
  const shown = findings.slice(0, SHOWN).map(({ urn, problem }) => {
    const where = urn === undefined ? "" : `${resourceName(urn)}: `;
    return `${rule.id} ${where}${problem}`;
  });
  const more = findings.length - shown.length;
  return more === 0 ? shown : [...shown, `${rule.id} and ${more} more`];
}

/** One line for each exception: who answers for how many findings, until when, and why. */
function exceptionLines({ rule, findings }: RuleFindings): readonly string[] {
  return coveredBy(findings).map(
    ({ exception: { owner, expires, reason }, count }) =>
      `${rule.id} ${count} found, ${owner} until ${expires}: ${reason}`,
  );
}
