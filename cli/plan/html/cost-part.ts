import { shownMicro } from "../../../cost/currency.ts";
import { grouped, groupedUnpriced } from "../../../cost/groups.ts";
import type { Bounds } from "../../../cost/money.ts";
import { formatMoney } from "../../../cost/text.ts";
import { amounts } from "../../cost/columns.ts";
import { CHANGE_WORDS, changedAmounts, comparisonSentence, unpricedChangeText } from "../../cost/render-comparison.ts";
import type { CostReport } from "../../cost/report.ts";
import { facts } from "../../page/facts.ts";
import { html, type Markup } from "../../page/markup.ts";
import { type Column, table } from "../../page/table.ts";
import type { Tile } from "../../page/tiles.ts";

const AMOUNTS: readonly Column[] = ["Low", "Expected", "High"].map((head) => ({ head, number: true }));

/** The verdict in one figure: what a month is expected to cost, and what is missing in that. */
export function costTile(report: CostReport): Tile {
  const { total, unpriced } = report.estimate;
  const [low, , high] = amounts(total, report.money);
  const missing = unpriced.length === 0 ? "" : `; ${unpriced.length} lines have no price`;
  return {
    label: "Cost a month",
    figure: moneyText(total.expected, report),
    says: `${low} to ${high}${budgetText(report)}${missing}`,
    tone: isRefused(report) ? "bad" : unpriced.length > 0 ? "open" : "none",
    to: "cost",
  };
}

function budgetText({ budget }: CostReport): string {
  if (budget === undefined) return "";
  return `; ${BUDGET_WORDS[budget.verdict]} the budget`;
}

const BUDGET_WORDS = { within: "within", over: "over", unknown: "not known to be within" } as const;

function isRefused({ budget }: CostReport): boolean {
  return budget !== undefined && budget.verdict !== "within";
}

/** Total, categories and their lines, what has no price, what each tenant costs, and what was assumed. */
export function costSection(report: CostReport): Markup {
  const { estimate, money } = report;
  return html`<section id="cost"><h2>Cost</h2>
<p>${money.currency} a month of 730 hours, for ${estimate.people} people, at prices of ${estimate.day}.</p>
${facts([
  ["low", moneyText(estimate.total.low, report)],
  ["expected", moneyText(estimate.total.expected, report)],
  ["high", moneyText(estimate.total.high, report)],
  ...budgetFact(report),
])}
${comparisonPart(report)}${categoryPart(report)}${linePart(report)}${unpricedPart(report)}${tenantPart(report)}${listPart("Assumed", estimate.assumptions)}${listPart("Not in it", estimate.notCovered)}${listPart("Warnings of the estimate", estimate.warnings)}</section>
`;
}

function moneyText(microUsd: number, { money }: CostReport): string {
  return formatMoney(shownMicro(microUsd, money), money.currency);
}

function budgetFact(report: CostReport): readonly (readonly [string, string])[] {
  const { budget, estimate } = report;
  if (budget === undefined) return [];
  const known = estimate.unpriced.length === 0 ? "" : ", as far as there are prices";
  return [["budget", `${moneyText(budget.microUsd, report)}: ${BUDGET_WORDS[budget.verdict]}${known}`]];
}

/** What deploying it does to the month, or why nobody can say. */
function comparisonPart({ against, comparison, money }: CostReport): Markup | undefined {
  if (against === undefined) return undefined;
  const rows = (comparison?.groups ?? []).map((group) => [
    group.what,
    group.category,
    CHANGE_WORDS[group.change],
    ...changedAmounts(group, money),
  ]);
  const amountColumns = ["Before", "After", "Difference"].map((head) => ({ head, number: true }));
  const unpriced = comparison?.unpriced ?? [];
  return html`<h3>Beside what is deployed</h3>
<p>${comparisonSentence(against, comparison, money)}.</p>
${rows.length === 0 ? undefined : table([{ head: "What" }, { head: "Category" }, { head: "Change" }, ...amountColumns], rows)}${unpriced.length === 0 ? undefined : html`<ul>${unpriced.map((change) => html`<li>${unpricedChangeText(change)}</li>`)}</ul>`}`;
}

function categoryPart({ estimate: { byCategory, total }, money }: CostReport): Markup {
  const categories = (Object.entries(byCategory) as [string, Bounds][]).toSorted(
    ([, a], [, b]) => b.expected - a.expected,
  );
  const rows = categories.map(([category, bounds]) => [
    html`${category}${bar(bounds.expected, total.expected)}`,
    ...amounts(bounds, money),
  ]);
  return html`<h3>By category</h3>
${table([{ head: "Category" }, ...AMOUNTS], rows, ["Total", ...amounts(total, money)])}`;
}

const BAR = { width: 100, height: 4 } as const;

/** The share of the total as a length; the figures beside it say it too. */
function bar(part: number, whole: number): Markup {
  const width = whole === 0 ? 0 : Math.round((part * BAR.width * 10) / whole) / 10;
  return html`<svg class="bar" viewBox="0 0 ${BAR.width} ${BAR.height}" preserveAspectRatio="none" aria-hidden="true"><rect width="${BAR.width}" height="${BAR.height}"/><rect class="part" width="${width}" height="${BAR.height}"/></svg>`;
}

function linePart({ estimate: { lines }, money }: CostReport): Markup {
  const groups = grouped(lines);
  const rows = groups.map(({ what, category, confidence, bounds }) => [
    what,
    category,
    ...amounts(bounds, money),
    confidence,
  ]);
  return html`<details><summary>Every line (${groups.length})</summary>
${table([{ head: "What" }, { head: "Category" }, ...AMOUNTS, { head: "Price" }], rows)}</details>
`;
}

function unpricedPart({ estimate: { unpriced } }: CostReport): Markup | undefined {
  if (unpriced.length === 0) return undefined;
  const rows = groupedUnpriced(unpriced).map(({ what, reason, count }) => [what, reason, String(count)]);
  return html`<h3>Without a price, and not in the total</h3>
${table([{ head: "What" }, { head: "Why" }, { head: "Lines", number: true }], rows)}`;
}

function tenantPart(report: CostReport): Markup | undefined {
  const { tenants, split } = report.estimate;
  if (tenants.length === 0) return undefined;
  const rows = tenants.map(({ id, ownMicroUsd, sharedMicroUsd, totalMicroUsd, unpriced }) => [
    id,
    ...[ownMicroUsd, sharedMicroUsd, totalMicroUsd].map(({ expected }) => moneyText(expected, report)),
    String(unpriced),
  ]);
  const columns = ["Its own", "Shared", "Expected", "Without a price"].map((head) => ({ head, number: true }));
  return html`<h3>By tenant</h3>
${table([{ head: "Tenant" }, ...columns], rows)}
<p class="soft">Shared costs are split ${split}.</p>
`;
}

function listPart(title: string, lines: readonly string[]): Markup | undefined {
  if (lines.length === 0) return undefined;
  return html`<details><summary>${title} (${lines.length})</summary><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></details>
`;
}
