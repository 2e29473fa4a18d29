import fc from "fast-check";
import { expect, test } from "vitest";
import { inPlanOrder } from "../../../../cli/plan/order.ts";
import type { PlannedResource } from "../../../../cli/plan/recorder.ts";

const resource = (urn: string, dependencies: readonly string[]) =>
  ({
    urn,
    type: "t",
    name: urn,
    parent: "",
    custom: true,
    inputs: {},
    dependencies,
    protected: false,
  }) as PlannedResource;

test("a plan has one order, whatever the order of registration", () => {
  const urns = ["a::Z", "a::a", "b::ä", "b::z", "b"];
  const plan = urns.map((urn) => resource(urn, urns));
  const expected = JSON.stringify(inPlanOrder(plan));
  fc.assert(
    fc.property(
      fc.shuffledSubarray(plan, { minLength: plan.length }),
      fc.shuffledSubarray(urns, { minLength: 5 }),
      (any, waits) => {
        expect(JSON.stringify(inPlanOrder(any.map(({ urn }) => resource(urn, waits))))).toBe(expected);
      },
    ),
  );
});
