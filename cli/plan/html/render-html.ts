import { facts } from "../../page/facts.ts";
import { html, type Markup } from "../../page/markup.ts";
import { renderPage } from "../../page/page.ts";
import { table } from "../../page/table.ts";
import { type Tile, tiles } from "../../page/tiles.ts";
import { type JudgedPlan, planRefusals } from "../judged-plan.ts";
import type { Plan } from "../render.ts";
import { summaryRows } from "../render-summary.ts";
import { costSection, costTile } from "./cost-part.ts";
import { policySection, policyTile } from "./policy-part.ts";
import { treePart } from "./tree-part.ts";

/** The plan as one page: the verdicts in a row, then what is behind each, then every resource. */
export function renderPlanPage(plan: JudgedPlan): string {
  const { environment, architecture, topology, summary, warnings, resources, policy, cost } = plan;
  const against = planRefusals(plan).length;
  const row: readonly Tile[] = [
    policyTile(policy),
    costTile(cost),
    ...(warnings.length === 0 ? [] : [warningTile(plan)]),
    resourceTile(plan),
  ];
  return renderPage({
    lang: "en",
    title: `Plan of ${environment}`,
    lead: html`<p>Architecture ${architecture} on ${topology}. Nothing was built or changed.${against === 0 ? "" : ` It would not be deployed: ${against} ${against === 1 ? "problem stands" : "problems stand"} against it.`}</p>
${tiles(row)}`,
    body: html`<section><h2>What it comes down to</h2>
${facts(summaryRows(summary), "rows")}</section>
${warningPart(plan)}${policySection(policy, cost.estimate.day)}${costSection(cost)}${correctionPart(plan)}${gapPart(plan)}<section id="resources"><h2>Resources</h2>
<p>Components, and behind each what it makes. The number is that of its resources.</p>
${treePart(resources)}</section>
`,
  });
}

function resourceTile({ resources }: Plan): Tile {
  const custom = resources.filter((resource) => resource.custom).length;
  return {
    label: "Resources",
    figure: String(custom),
    says: `in ${resources.length - custom} components`,
    tone: "none",
    to: "resources",
  };
}

function warningTile({ warnings }: Plan): Tile {
  const figure = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
  return { label: "To know first", figure, says: warnings[0] ?? "", tone: "open", to: "warnings" };
}

function warningPart({ warnings }: Plan): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<section id="warnings"><h2>Warnings</h2><ul class="note">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></section>
`;
}

function correctionPart({ corrections }: Plan): Markup | undefined {
  if (corrections.length === 0) return undefined;
  const rows = corrections.map(({ path, got, became, reason }) => [
    html`<code>${path}</code>`,
    html`<code>${JSON.stringify(got)}</code>`,
    html`<code>${JSON.stringify(became)}</code>`,
    reason,
  ]);
  return html`<section><h2>Corrected</h2>
${table([{ head: "Setting" }, { head: "Written" }, { head: "Became" }, { head: "Why" }], rows)}</section>
`;
}

/** What is missing, under the reason why. */
function gapPart({ gaps }: Plan): Markup | undefined {
  if (gaps.length === 0) return undefined;
  const reasons = [...new Set(gaps.map(({ because }) => because))];
  return html`<section><h2>Not there</h2>
${reasons.map(
  (reason) => html`<h3>Because ${reason}</h3><ul>${gaps
    .filter(({ because }) => because === reason)
    .map(({ says }) => html`<li>${says}</li>`)}</ul>
`,
)}</section>
`;
}
