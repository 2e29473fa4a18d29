import type { Estimate } from "./estimate.ts";
import { grouped, groupedUnpriced, unpricedText } from "./groups.ts";
import { formatUsd } from "./text.ts";

/** `3,412.20 USD a month, 2,100.00 USD to 5,200.00 USD, and 3 lines that have no price`. */
export function totalSentence({ total, unpriced }: Pick<Estimate, "total" | "unpriced">): string {
  const { low, expected, high } = total;
  const missing = unpriced.length === 0 ? "" : `, and ${lineCount(unpriced.length)} without a price`;
  return `${formatUsd(expected)} a month, ${formatUsd(low)} to ${formatUsd(high)}${missing}`;
}

/** The whole estimate in lines: the total, each thing that costs, what has no price, each tenant, what is warned of. */
export function estimateLines(estimate: Estimate): readonly string[] {
  const { lines, unpriced, tenants, split, warnings } = estimate;
  return [
    totalSentence(estimate),
    ...grouped(lines).map(
      ({ category, what, bounds, confidence }) =>
        `  ${formatUsd(bounds.expected)} ${category}: ${what} (price of ${confidence} confidence)`,
    ),
    ...groupedUnpriced(unpriced).map((group) => `  unpriced: ${unpricedText(group)}`),
    ...tenants.map(({ id, totalMicroUsd }) => `  ${formatUsd(totalMicroUsd.expected)} of it for tenant ${id}`),
    ...(tenants.length === 0 ? [] : [`  shared costs are split ${split}`]),
    ...warnings.map((warning) => `  ${warning}`),
  ];
}

function lineCount(count: number): string {
  return count === 1 ? "1 line" : `${count} lines`;
}
