import { expect, test } from "vitest";
import { environmentNames, readEnvironmentFile } from "../../../cli/environment.ts";
import { evaluate } from "../../../policies/evaluate.ts";
import { type Verdict, verdictOf } from "../../../policies/verdict.ts";
import { factsOf } from "../../../stacks/facts.ts";
import { jurisdictionOf } from "../../../stacks/jurisdiction.ts";
import { recordPlan, sectionsOf } from "../../support/plan.ts";

/** The day on which the exceptions were accepted: the environments do not begin to fail by themselves. */
const TODAY = "2026-11-24";

const judged = new Map<string, Verdict>();
for (const name of environmentNames()) {
  const { settings } = readEnvironmentFile(name);
  const plan = await recordPlan(sectionsOf(name), { environment: name });
  const facts = factsOf(name, settings, await jurisdictionOf(settings));
  const { policies } = settings;
  const results = evaluate(plan, { facts, exceptions: policies.exceptions, today: TODAY });
  judged.set(name, verdictOf(results, policies, TODAY));
}

test.each(environmentNames())("the environment %s breaks no rule but those that it names with a reason", (name) => {
  const { mandatory, advisory, problems, passes } = verdict(name);
  expect({ mandatory, advisory, problems, passes }).toEqual({
    mandatory: [],
    advisory: [],
    problems: [],
    passes: true,
  });
});

test.each(environmentNames())("the environment %s names no exception that covers nothing", (name) => {
  expect(verdict(name).unused).toEqual([]);
});

test("most rules are decided on a cloud, and what is not waits for a value that only an update knows", () => {
  expect(verdict("acme-aws").counts.passed).toBeGreaterThan(50);
});

function verdict(name: string): Verdict {
  const found = judged.get(name);
  if (found === undefined) throw new Error(`no verdict on ${name}`);
  return found;
}
