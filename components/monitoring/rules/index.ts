import { type AskedAlert, askedGroup } from "./asked.ts";
import { budgetGroup, type TenantBudget } from "./budgets.ts";
import { monthCostGroup } from "./month-cost.ts";
import { ownGroup } from "./own.ts";
import type { RuleGroup } from "./rule.ts";

/** What decides which rules there are. */
export interface RuleFacts {
  readonly alerts: readonly AskedAlert[];
  readonly budgets: readonly TenantBudget[];
  readonly notify: readonly string[];
  readonly gpu: boolean;
  /** Undefined: there is no vault. */
  readonly vault: object | undefined;
  readonly certificates: readonly string[];
}

/** Every group of an environment. One without rules is left out: the operator does not accept it. */
export function ruleGroups({ alerts, budgets, notify, gpu, vault, certificates }: RuleFacts): readonly RuleGroup[] {
  return [
    monthCostGroup,
    askedGroup(alerts),
    budgetGroup(budgets, notify),
    ownGroup({ notify, gpu, vault: vault !== undefined, certificates: certificates.length > 0 }),
  ].filter(({ rules }) => rules.length > 0);
}
