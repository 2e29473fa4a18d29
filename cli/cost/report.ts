import type { Settings } from "@breakwater/runtime/settings";
import { type Budget, budgetOf } from "../../cost/budget.ts";
import { type Comparison, compare } from "../../cost/compare.ts";
import type { Money } from "../../cost/currency.ts";
import { type Estimate, type EstimateOptions, estimateOf } from "../../cost/estimate.ts";
import type { CostedResource } from "../../cost/resource.ts";
import { type Saving, savingsOf } from "../../cost/savings.ts";
import { type SourceRow, sourceTable } from "../../cost/source-table.ts";
import type { EnvironmentFile } from "../environment.ts";
import { EXIT } from "../exit.ts";
import type { Against, Deployed } from "./against.ts";

/** What `breakwater cost` says. */
export interface CostReport {
  readonly environment: string;
  readonly money: Money;
  readonly estimate: Estimate;
  readonly sourceTable: readonly SourceRow[];
  readonly savings: readonly Saving[];
  /** What it is set beside, where it is set beside anything. */
  readonly against?: ComparedWith;
  /** Of what it is set beside with this plan; left out where the two could not be compared. */
  readonly comparison?: Comparison;
  readonly budget?: Budget;
}

/** What a report says of what it is compared with. */
export interface ComparedWith {
  readonly kind: Against["kind"];
  /** What it is, in words that follow "against"; where nothing is compared, why. */
  readonly says: string;
  /** Operations that a run of the engine left without an end, where that is known. */
  readonly pendingOperations?: number;
}

/** Everything that a report is made of, beside the plan. */
export interface ReportOptions extends EstimateOptions {
  readonly money: Money;
  /** What to compare with. */
  readonly against?: Against;
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
    ...(against === undefined ? {} : comparedWith(against, { settings, priced, estimate })),
    ...(budget === undefined ? {} : { budget }),
  };
}

interface Compared {
  readonly settings: Settings;
  readonly priced: EstimateOptions;
  readonly estimate: Estimate;
}

function comparedWith(
  against: Against,
  { settings, priced, estimate }: Compared,
): Pick<CostReport, "against" | "comparison"> {
  const { kind } = against;
  switch (kind) {
    case "nothing":
    case "unreadable":
      return { against };
    // A plan holds no settings: those of this environment count for both.
    case "plan":
      return {
        against: { kind, says: "the other plan" },
        comparison: compare(estimateOf(against.resources, settings, priced), estimate),
      };
    case "deployed":
    case "state": {
      const says = kind === "deployed" ? "what is deployed" : `the exported state of ${against.environment}`;
      return {
        against: { kind, says, pendingOperations: against.pendingOperations },
        comparison: compare(deployedEstimate(against, priced), estimate),
      };
    }
  }
}

/** At the prices and rates of this day, so that the difference is none of theirs; with the settings that were deployed. */
function deployedEstimate({ resources, settings }: Deployed, { day, book, rates }: EstimateOptions): Estimate {
  const withoutRates = { ...settings, cost: { ...settings.cost, rates: {} } };
  return estimateOf(resources, withoutRates, {
    day,
    ...(rates === undefined ? {} : { rates }),
    ...(book === undefined ? {} : { book }),
  });
}

/** 1 where the budget is not known to be kept; 3 where something has no price; else 0. */
export function exitOf({ budget, estimate }: CostReport): number {
  if (budget !== undefined && budget.verdict !== "within") return EXIT.failed;
  return estimate.unpriced.length > 0 ? EXIT.incomplete : EXIT.ok;
}
