import { shownMicro } from "../../cost/currency.ts";
import { formatAmount } from "../../cost/text.ts";
import { budgetLine, costTable, unpricedLines } from "../cost/render.ts";
import { comparisonLines, comparisonSentence } from "../cost/render-comparison.ts";
import type { CostReport } from "../cost/report.ts";

/** What a plan costs, as lines; the whole report is `breakwater cost`. @param options.lines whether each thing is shown */
export function costLines(report: CostReport, { lines: withLines }: { readonly lines: boolean }): readonly string[] {
  const { environment, estimate, money, budget, against, comparison } = report;
  const { total, lines, unpriced, tenants } = estimate;
  const amount = (micro: number): string => formatAmount(shownMicro(micro, money), money.currency);
  const missing = unpriced.length === 0 ? "" : `, and ${unpriced.length} lines that have no price`;
  const each = tenants.map(({ id, totalMicroUsd }) => `${id} ${amount(totalMicroUsd.expected)}`);
  return [
    `Cost: ${amount(total.expected)} ${money.currency} a month, ${amount(total.low)} to ${amount(total.high)}${missing}; breakwater cost ${environment} says more`,
    ...(budget === undefined ? [] : [`  ${budgetLine(budget, (micro) => `${amount(micro)} ${money.currency}`)}`]),
    ...(each.length === 0 ? [] : [`  by tenant: ${each.join(", ")}`]),
    // With the lines the changes stand below them, under the same sentence.
    ...(against === undefined || (withLines && comparison !== undefined)
      ? []
      : [`  ${comparisonSentence(against, comparison, money)}`]),
    ...(withLines ? ["", ...costTable(lines, total, money), "", ...unpricedLines(unpriced), ...changes(report)] : [""]),
  ];
}

function changes(report: CostReport): readonly string[] {
  return report.comparison === undefined ? [] : comparisonLines(report);
}
