import { expect, test } from "vitest";
import { CATALOGUE } from "../../../policies/catalogue.ts";
import { evaluate } from "../../../policies/evaluate.ts";
import { BAD_ENVIRONMENTS } from "../../fixtures/bad/index.ts";
import { recordBad } from "../../support/bad-plan.ts";

const TODAY = "2026-11-24";

interface Judged {
  readonly name: string;
  readonly urns: readonly string[];
  readonly breaks: readonly string[];
  /** With nobody to answer for any of it. */
  readonly violated: readonly string[];
}

const judged: Judged[] = [];
for (const environment of BAD_ENVIRONMENTS) {
  const { facts, breaks } = environment;
  const plan = await recordBad(environment);
  const violated = evaluate(plan, { facts, today: TODAY }).filter(({ outcome }) => outcome === "violated");
  judged.push({
    name: facts.environment,
    urns: plan.map(({ urn }) => urn),
    breaks: breaks.trim().split(/\s+/),
    violated: violated.map(({ rule }) => rule.id),
  });
}

test.each(judged)("$name breaks exactly the rules that it is made to break", ({ violated, breaks }) => {
  expect(violated).toEqual(breaks);
});

test("together they break every rule that a plan can decide, and no other", () => {
  const decided = CATALOGUE.filter(({ decides }) => decides === "plan").map(({ id }) => id);
  expect(decided).toHaveLength(91);
  expect(new Set(judged.flatMap(({ violated }) => violated))).toEqual(new Set(decided));
});

test.each(judged)("an engine could register $name: every resource has a name of its own", ({ urns }) => {
  expect(urns).toEqual([...new Set(urns)]);
});
