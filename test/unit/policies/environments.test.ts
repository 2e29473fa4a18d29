import { expect, test } from "vitest";
import { environmentNames, readEnvironmentFile } from "../../../cli/environment.ts";
import { ACCEPTED } from "../../../policies/accepted.ts";
import { evaluate, type RuleResult } from "../../../policies/evaluate.ts";
import { factsOf } from "../../../stacks/facts.ts";
import { jurisdictionOf } from "../../../stacks/jurisdiction.ts";
import { recordPlan, sectionsOf } from "../../support/plan.ts";

/** The day on which the exceptions were accepted: the environments do not begin to fail by themselves. */
const TODAY = "2026-11-24";

const judged = new Map<string, readonly RuleResult[]>();
for (const name of environmentNames()) {
  const { settings } = readEnvironmentFile(name);
  const plan = await recordPlan(sectionsOf(name), { environment: name });
  const facts = factsOf(name, settings, await jurisdictionOf(settings));
  judged.set(name, evaluate(plan, { facts, exceptions: ACCEPTED, today: TODAY }));
}

test.each(environmentNames())("the environment %s breaks no rule but those that are accepted by name", (name) => {
  const violated = (judged.get(name) ?? []).filter(({ outcome }) => outcome === "violated");
  const open = violated.map(({ rule, findings }) => [
    rule.id,
    findings.filter(({ exception }) => exception === undefined),
  ]);
  expect(open).toEqual([]);
});

test("no exception is accepted that covers nothing", () => {
  const used = new Set(
    [...judged.values()].flat().flatMap(({ findings }) => findings.map(({ exception }) => exception)),
  );
  expect(ACCEPTED.filter((exception) => !used.has(exception))).toEqual([]);
});

test("most rules are decided on a cloud, and what is not waits for a value that only an update knows", () => {
  const outcomes = (judged.get("acme-aws") ?? [])
    .filter(({ rule }) => rule.decides === "plan")
    .map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "passed").length).toBeGreaterThan(50);
});
