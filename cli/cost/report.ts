import { type Budget, budgetOf } from "../../cost/budget.ts";
import { type Comparison, compare } from "../../cost/compare.ts";
import type { Money } from "../../cost/currency.ts";
import { type Estimate, type EstimateOptions, estimateOf } from "../../cost/estimate.ts";
import type { CostedResource } from "../../cost/resource.ts";
import { type Saving, savingsOf } from "../../cost/savings.ts";
import { type SourceRow, sourceTable } from "../../cost/source-table.ts";
import type { EnvironmentFile } from "../environment.ts";
import { EXIT } from "../exit.ts";

/** What `breakwater cost` says. */
export interface CostReport {
  readonly environment: string;
  readonly money: Money;
  readonly estimate: Estimate;
  readonly sourceTable: readonly SourceRow[];
  readonly savings: readonly Saving[];
  readonly comparison?: Comparison;
  readonly budget?: Budget;
}

/** Everything that a report is made of, beside the plan. */
export interface ReportOptions extends EstimateOptions {
  readonly money: Money;
  /** Resources of another plan, to compare with. */
  readonly against?: readonly CostedResource[];
  /** In place of the settings' own. */
  readonly budgetMicroUsd?: number;
}

/** The whole report on one planned environment. Pure. */
export function reportOf(
  { name, settings }: Pick<EnvironmentFile, "name" | "settings">,
  resources: readonly CostedResource[],
  { money, against, budgetMicroUsd, ...options }: ReportOptions,
): CostReport {
  const priced = { ...options, rates: money.rates };
  const estimate = estimateOf(resources, settings, priced);
  const budget = budgetOf(estimate, settings, budgetMicroUsd);
  return {
    environment: name,
    money,
    estimate,
    sourceTable: sourceTable(estimate),
    savings: savingsOf(estimate, settings, options),
    ...(against === undefined ? {} : { comparison: compare(estimateOf(against, settings, priced), estimate) }),
    ...(budget === undefined ? {} : { budget }),
  };
}

/** 1 where the budget is not known to be kept; 3 where something has no price; else 0. */
export function exitOf({ budget, estimate }: CostReport): number {
  if (budget !== undefined && budget.verdict !== "within") return EXIT.failed;
  return estimate.unpriced.length > 0 ? EXIT.incomplete : EXIT.ok;
}
