import { expect, test } from "vitest";
import { isUnknown, localSections, recordPlan } from "../../../support/plan.ts";
import { workloadAt } from "../../../support/pods.ts";

test("a recording holds what is sent: parents, order and inputs, with the stack itself left out", async () => {
  const plan = await recordPlan(localSections());
  const roots = plan.filter(({ parent }) => plan.every(({ urn }) => urn !== parent));
  expect(roots.map(({ type, name, custom }) => ({ type, name, custom }))).toEqual([
    { type: "breakwater:stacks:Environment", name: "environment", custom: false },
    { type: "breakwater:agents:Agents", name: "agents", custom: false },
  ]);
  const known = new Set(plan.map(({ urn }) => urn));
  for (const { urn, dependencies } of plan) {
    expect([urn, dependencies.filter((dependency) => !known.has(dependency))]).toEqual([urn, []]);
  }
});

test("what only a provider can compute stays unknown, as in a real preview", async () => {
  const { annotations } = workloadAt(await recordPlan(localSections()), "tenant-marketing/cell");
  expect(isUnknown(annotations["breakwater.dev/secrets"])).toBe(true);
});

test("a second recording in one process is as complete as the first", async () => {
  const first = await recordPlan(localSections());
  const second = await recordPlan(localSections());
  const urns = (plan: typeof first) => plan.map(({ urn }) => urn).sort();
  expect(urns(second)).toEqual(urns(first));
  expect(first.length).toBeGreaterThan(70);
});
