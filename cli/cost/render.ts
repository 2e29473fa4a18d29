import type { Budget } from "../../cost/budget.ts";
import { type Money, shownMicro } from "../../cost/currency.ts";
import { grouped, groupedUnpriced, unpricedText } from "../../cost/groups.ts";
import type { PricedLine, UnpricedLine } from "../../cost/line.ts";
import type { Bounds } from "../../cost/money.ts";
import type { Saving } from "../../cost/savings.ts";
import type { SourceRow } from "../../cost/source-table.ts";
import { formatAmount } from "../../cost/text.ts";
import { amounts, columns, WIDTH, wrapped } from "./columns.ts";
import { comparisonLines } from "./render-comparison.ts";
import type { CostReport } from "./report.ts";

const DRIVERS = 3;

/** The report for people, in at most {@link WIDTH} columns. */
export function renderCost(report: CostReport): string {
  const { environment, estimate, money, savings } = report;
  const { region, people, topology } = estimate;
  return [
    `${environment}: ${topology} in ${region}, for ${people} people; ${money.currency} a month of 730 hours`,
    "",
    ...costTable(estimate.lines, estimate.total, money),
    "",
    ...unpricedLines(estimate.unpriced),
    ...drivers(estimate.lines, estimate.total, money),
    ...tenantTable(report),
    ...comparisonLines(report),
    ...sourceLines(report.sourceTable, money),
    ...list("To save", savings.map(savingLine(money))),
    ...list("Assumed", estimate.assumptions),
    ...list("Not in it", estimate.notCovered),
    ...list("Warnings", estimate.warnings),
    ...verdict(report),
  ].join("\n");
}

/** One row for all lines that are the same thing, under their category; what is dearest stands first. */
export function costTable(lines: readonly PricedLine[], total: Bounds, money: Money): readonly string[] {
  const rows = grouped(lines).map(({ what, category, confidence, bounds }) => [
    `${category}  ${what}`,
    ...amounts(bounds, money),
    confidence,
  ]);
  return columns(["", "low", "expected", "high", "price"], [...rows, ["total", ...amounts(total, money), ""]]);
}

/** What has no price, once for each reason; never an amount. */
export function unpricedLines(lines: readonly UnpricedLine[]): readonly string[] {
  return list("Unpriced, and not in the total", groupedUnpriced(lines).map(unpricedText));
}

function drivers(lines: readonly PricedLine[], total: Bounds, money: Money): readonly string[] {
  const largest = grouped(lines).slice(0, DRIVERS);
  return list(
    "Largest",
    largest.map(({ what, bounds: { expected } }) => {
      const percent = total.expected === 0 ? 0 : Math.round((expected * 100) / total.expected);
      return `${what}: ${formatAmount(shownMicro(expected, money), money.currency)} ${money.currency}, ${percent} %`;
    }),
  );
}

function tenantTable({ estimate: { tenants, split }, money }: CostReport): readonly string[] {
  const rows = tenants.map(({ id, ownMicroUsd, sharedMicroUsd, totalMicroUsd }) => [
    id,
    ...[ownMicroUsd, sharedMicroUsd, totalMicroUsd].map(({ expected }) =>
      formatAmount(shownMicro(expected, money), money.currency),
    ),
  ]);
  return [
    ...columns(["tenant", "its own", "shared", "expected"], rows),
    ...wrapped(`Shared costs are split ${split}.`, ""),
    "",
  ];
}

function sourceLines(rows: readonly SourceRow[], money: Money): readonly string[] {
  const amount = (micro: number) => formatAmount(shownMicro(micro, money), money.currency);
  return [
    "Beside the source's table of costs:",
    ...rows.flatMap(({ item, sourceMicroUsd, ours, why }) =>
      wrapped(
        `${item}: ${sourceMicroUsd === null ? "no figure" : amount(sourceMicroUsd)}; here ${amount(ours.expected)}: ${why}`,
        "  - ",
      ),
    ),
    "",
  ];
}

function savingLine(money: Money): (saving: Saving) => string {
  return ({ says, arithmetic, savesMicroUsd }) => {
    const saves =
      savesMicroUsd === 0 ? "" : `, ${formatAmount(shownMicro(savesMicroUsd, money), money.currency)} a month`;
    return `${says}${saves}: ${arithmetic}`;
  };
}

function list(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.flatMap((line) => wrapped(line, "  - ")), ""];
}

function verdict({ estimate, budget, money }: CostReport): readonly string[] {
  const amount = (micro: number) => `${formatAmount(shownMicro(micro, money), money.currency)} ${money.currency}`;
  const { total, unpriced } = estimate;
  const sum = `${amount(total.expected)} a month, ${amount(total.low)} to ${amount(total.high)}`;
  const missing = unpriced.length === 0 ? "" : `, and ${unpriced.length} lines that have no price`;
  return [
    ...wrapped(`${sum}${missing}.`, ""),
    ...(budget === undefined ? [] : wrapped(budgetLine(budget, amount), "")),
  ];
}

/** Whether the budget is kept. @param amount how money is shown */
export function budgetLine({ verdict, microUsd, unpriced }: Budget, amount: (micro: number) => string): string {
  const limit = amount(microUsd);
  if (verdict === "unknown") return `Nobody knows whether it is within the budget of ${limit}: see what is unpriced.`;
  const partly = unpriced > 0 ? ", as far as there are prices" : "";
  return `${verdict === "within" ? "Within" : "OVER"} the budget of ${limit}${partly}.`;
}
