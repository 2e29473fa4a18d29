import type { Correction } from "@breakwater/runtime/settings";
import type { Gap } from "../../components/controls.ts";
import { costLines } from "./cost-lines.ts";
import { type JudgedPlan, planRefusals } from "./judged-plan.ts";
import { policyLines } from "./policy-lines.ts";
import type { PlannedResource } from "./recorder.ts";
import { summaryLines } from "./render-summary.ts";
import type { PlanSummary } from "./summary.ts";
import { childrenByParent, placedName, shortType } from "./tree.ts";

/** What `breakwater plan` says. */
export interface Plan {
  readonly environment: string;
  readonly architecture: string;
  readonly topology: string;
  readonly summary: PlanSummary;
  readonly resources: readonly PlannedResource[];
  readonly corrections: readonly Correction[];
  readonly warnings: readonly string[];
  /** Controls that other topologies have and this one has not. */
  readonly gaps: readonly Gap[];
}

/**
 * The plan as what it comes down to, a tree of components with the resources that each makes, what the reader should know,
 * what the policies say and what it costs.
 *
 * @param options.tree whether the tree and each thing that costs are shown; of a cloud they are long. @default true
 */
export function renderPlan(plan: JudgedPlan, { tree: withTree = true }: { readonly tree?: boolean } = {}): string {
  const custom = plan.resources.filter((resource) => resource.custom).length;
  return [
    `${plan.environment}: architecture ${plan.architecture} on ${plan.topology}`,
    "",
    ...summaryLines(plan.summary),
    "",
    ...(withTree ? [...tree(plan.resources), ""] : []),
    ...section("Corrected", plan.corrections.map(correctionLine)),
    ...section("Warnings", plan.warnings),
    ...gapLines(plan.gaps),
    ...policyLines(plan.policy),
    ...costLines(plan.cost, { lines: withTree }),
    ...refusalLines(planRefusals(plan).length),
    `${custom} resources in ${plan.resources.length - custom} components. Nothing was built or changed.`,
  ].join("\n");
}

function refusalLines(count: number): readonly string[] {
  if (count === 0) return [];
  return [`It would not be deployed: ${count === 1 ? "1 problem stands" : `${count} problems stand`} against it.`];
}

/** `path: got -> became (reason)`. */
export function correctionLine({ path, got, became, reason }: Correction): string {
  return `${path}: ${JSON.stringify(got)} -> ${JSON.stringify(became)} (${reason})`;
}

/** What is missing, under the reason why. */
function gapLines(gaps: readonly Gap[]): string[] {
  const reasons = [...new Set(gaps.map(({ because }) => because))];
  return reasons.flatMap((reason) => {
    const missing = gaps.filter(({ because }) => because === reason);
    return [`Not there, because ${reason}:`, ...missing.map(({ says }) => `  - ${says}`), ""];
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  - ${line}`), ""];
}

function tree(resources: readonly PlannedResource[]): string[] {
  const childrenOf = childrenByParent(resources);
  const lines: string[] = [];
  const walk = (parent: string, depth: number) => {
    const children = childrenOf.get(parent) ?? [];
    for (const leaf of children.filter(({ custom }) => custom))
      lines.push(`${"  ".repeat(depth)}+ ${shortType(leaf)} ${placedName(leaf)}`);
    for (const component of children.filter(({ custom }) => !custom)) {
      lines.push(`${"  ".repeat(depth)}${component.name} (${shortType(component)})`);
      walk(component.urn, depth + 1);
    }
  };
  walk("", 0);
  return lines;
}
