import { join } from "node:path";
import type { Facts } from "@breakwater/runtime/settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluate } from "../../policies/evaluate.ts";
import { projectRoot } from "../../tools/paths.ts";
import { BAD_ENVIRONMENTS } from "../fixtures/bad/index.ts";
import { type Analyzed, type Analyzer, startAnalyzer, UNKNOWN } from "../support/analyzer.ts";
import { badSettings, recordBad } from "../support/bad-plan.ts";
import { isUnknown, type PlannedResource } from "../support/plan.ts";

let pack: Analyzer;

beforeAll(async () => {
  pack = await startAnalyzer(join(projectRoot, "policies"));
});

afterAll(async () => {
  await pack.close();
});

/** Recorded inputs as an engine shows them to a pack. */
function onTheWire(value: unknown): unknown {
  if (isUnknown(value)) return UNKNOWN;
  if (Array.isArray(value)) return value.map(onTheWire);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, onTheWire(item)]));
}

/** A recorded resource as an engine shows it; what a component knows comes as its outputs. */
function analyzed({ type, urn, name, inputs }: PlannedResource, facts: Facts): Analyzed {
  const props =
    type === "breakwater:stacks:Environment" ? { ...facts, settings: badSettings(facts) } : onTheWire(inputs);
  return { type, urn, name, props: props as Analyzed["props"] };
}

test.each(BAD_ENVIRONMENTS.map((environment) => ({ name: environment.facts.environment, environment })))(
  "the pack refuses $name for the rules that a plan shows to be broken",
  async ({ environment }) => {
    const { facts } = environment;
    const plan = await recordBad(environment);
    const today = new Date().toISOString().slice(0, 10);
    const violated = evaluate(plan, { facts, today }).filter(({ outcome }) => outcome === "violated");
    expect(violated).not.toEqual([]);

    const found = await pack.analyzeStack(plan.map((resource) => analyzed(resource, facts)));
    const refused = new Set(found.filter(({ level }) => level === "mandatory").map(({ policy }) => policy));
    expect([...refused].sort()).toEqual(violated.map(({ rule }) => rule.id).sort());
  },
);
