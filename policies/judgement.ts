import type { ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { type Budget, budgetOf } from "../cost/budget.ts";
import { type Estimate, estimateOf } from "../cost/estimate.ts";
import { engineStack, inputsOf, type KnownInputs } from "./engine-stack.ts";
import { evaluate, type RuleResult } from "./evaluate.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** All that the pack has to say of one stack. */
export interface JudgedStack {
  readonly results: ReadonlyMap<string, RuleResult>;
  readonly verdict: Verdict;
  readonly estimate: Estimate;
  readonly budget: Budget | undefined;
}

/**
 * Judges a stack once for all policies of the pack: the engine asks each of them in turn with the same resources, and a
 * policy that is asked again is asked about another stack, or about the same one after its update.
 */
export class Judgement {
  readonly #asked = new Set<string>();
  readonly #inputs = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #today: () => string;
  #judged: JudgedStack | undefined;

  /** @param today day, UTC, by which exceptions expire and prices are taken. */
  constructor(today: () => string) {
    this.#today = today;
  }

  /** Takes the inputs of one resource, which the engine shows before it shows the stack. */
  learn({ urn, props }: Pick<ResourceValidationArgs, "urn" | "props">): void {
    this.#inputs.set(urn, inputsOf(props));
  }

  /** What was found in the stack that the policy is asked about. @throws what a rule throws, and Error for a foreign stack. */
  of(policy: string, { resources }: Pick<StackValidationArgs, "resources">): JudgedStack {
    if (this.#judged === undefined || this.#asked.has(policy)) {
      this.#asked.clear();
      this.#judged = undefined;
      this.#judged = judge(resources, this.#inputs, this.#today());
    }
    this.#asked.add(policy);
    return this.#judged;
  }
}

function judge(all: StackValidationArgs["resources"], inputs: KnownInputs, day: string): JudgedStack {
  const { resources, facts, settings } = engineStack(all, inputs);
  const results = evaluate(resources, { facts, exceptions: settings.policies.exceptions, today: day });
  const estimate = estimateOf(resources, settings, { day });
  return {
    results: new Map(results.map((result) => [result.rule.id, result])),
    verdict: verdictOf(results, settings.policies, day),
    estimate,
    budget: budgetOf(estimate, settings),
  };
}
