import { formatProblem } from "@breakwater/runtime/problems";
import type { Finding, Outcome } from "../../../policies/evaluate.ts";
import { resourceName } from "../../../policies/resource-name.ts";
import { coveredBy, type RuleFindings, type Verdict } from "../../../policies/verdict.ts";
import { badge, type Tone } from "../../page/badge.ts";
import { html, type Markup } from "../../page/markup.ts";
import { table } from "../../page/table.ts";
import type { Tile } from "../../page/tiles.ts";

/** What each outcome means, in the order in which a reader wants them. */
const OUTCOMES: Readonly<Record<Outcome, { readonly tone: Tone; readonly says: string }>> = {
  violated: { tone: "bad", says: "A planned resource breaks the rule, and nobody answers for it." },
  excepted: { tone: "open", says: "Broken, and somebody answers for it until a day." },
  unknown: { tone: "open", says: "What the rule reads is known only after an update." },
  passed: { tone: "good", says: "Planned resources were looked at, and none breaks the rule." },
  declared: { tone: "none", says: "The settings say so. Nobody looked." },
  "not evaluated": { tone: "none", says: "Only the running system or a person can tell." },
  "does not apply": { tone: "none", says: "About another place, topology or kind of resource." },
};

const SEVERITIES = ["critical", "high", "medium", "low"];

/** The verdict in one figure: what is violated, and what is borne. */
export function policyTile({ counts, passes }: Verdict): Tile {
  const { violated, excepted, passed, unknown } = counts;
  return {
    label: "Policies",
    figure: `${violated} violated`,
    says: `${passed} passed, ${excepted} excepted, ${unknown} known later`,
    tone: !passes ? "bad" : violated + excepted > 0 ? "open" : "good",
    to: "policy",
  };
}

/** Counts by outcome, every violation, and every accepted exception with owner, reason and last day. @param day UTC, of the exceptions */
export function policySection(verdict: Verdict, day: string): Markup {
  const outcomes = Object.entries(OUTCOMES) as [Outcome, (typeof OUTCOMES)[Outcome]][];
  const lines = outcomes.map(([outcome, { tone, says }]) => {
    const found = verdict.counts[outcome];
    return html`<li class="${found === 0 ? "zero" : ""}"><b>${found}</b>${badge(found === 0 ? "none" : tone, outcome)}<span class="says">${says}</span></li>
`;
  });
  return html`<section id="policy"><h2>Policies</h2>
<p>Every rule of the catalogue against this plan, with exceptions as they hold on ${day}.</p>
<ul class="summary">
${lines}</ul>
${problemPart(verdict)}${violationPart("Violated", verdict.mandatory)}${violationPart("Advised against", verdict.advisory)}${exceptionPart(verdict.excepted)}${idlePart(verdict)}${undecidedPart(verdict.undecided)}</section>
`;
}

/** What is wrong with the exceptions and levels themselves. */
function problemPart({ problems }: Verdict): Markup | undefined {
  if (problems.length === 0) return undefined;
  return html`<h3>Wrong in the environment's own policies</h3>
<ul>${problems.map((problem) => html`<li>${formatProblem(problem)}</li>`)}</ul>
`;
}

function violationPart(title: string, violated: readonly RuleFindings[]): Markup | undefined {
  if (violated.length === 0) return undefined;
  const sorted = violated.toSorted((a, b) => SEVERITIES.indexOf(a.rule.severity) - SEVERITIES.indexOf(b.rule.severity));
  return html`<h3>${title}</h3>
${sorted.map(
  ({ rule, findings }) =>
    html`<section class="entry"><h4>${rule.id} ${rule.title} ${badge("bad", rule.severity)}</h4>
<ul>${findings.map((finding) => html`<li>${findingText(finding)}</li>`)}</ul><p><b>Remedy:</b> ${rule.remedy}</p></section>
`,
)}`;
}

function findingText({ urn, problem }: Finding): string {
  return urn === undefined ? problem : `${resourceName(urn)}: ${problem}`;
}

/** One row for each exception, however many resources it covers. */
function exceptionPart(excepted: readonly RuleFindings[]): Markup | undefined {
  const rows = excepted.flatMap(({ rule, findings }) =>
    coveredBy(findings).map(({ exception: { owner, reason, expires }, count }) => [
      html`${rule.id} ${rule.title}`,
      reason,
      owner,
      html`<span class="day">${expires}</span>`,
      String(count),
    ]),
  );
  if (rows.length === 0) return undefined;
  const columns = [{ head: "Rule" }, { head: "Reason" }, { head: "Owner" }, { head: "Last day" }];
  return html`<h3>Accepted, each until its last day</h3>
${table([...columns, { head: "Findings", number: true }], rows)}`;
}

function idlePart({ unused }: Verdict): Markup | undefined {
  if (unused.length === 0) return undefined;
  return html`<h3>Exceptions that cover nothing</h3>
<ul>${unused.map(({ rule, resource, owner }) => html`<li>${rule}${resource === undefined ? "" : ` for ${resource}`}, ${owner}</li>`)}</ul>
`;
}

function undecidedPart(undecided: readonly RuleFindings[]): Markup | undefined {
  if (undecided.length === 0) return undefined;
  const rows = undecided.map(({ rule, findings }) => [
    html`${rule.id} ${rule.title}`,
    html`<ul class="plain">${[...new Set(findings.map(findingText))].map((text) => html`<li>${text}</li>`)}</ul>`,
  ]);
  return html`<h3>Known only after an update</h3>
<details><summary>${undecided.length} rules, and what each could not read</summary>${table([{ head: "Rule" }, { head: "What it could not read" }], rows)}</details>
`;
}
