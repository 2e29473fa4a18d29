import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf } from "./world.ts";

test.each(["acme-alibaba", "acme-alibaba-b"] as const)(
  "%s: Security Center protects every node that joins, hosts and containers",
  async (name) => {
    const { postPayModuleSwitchObj, ...instance } = inputsOf(
      await built(demand(name)),
      "threatdetection/instance:Instance",
    );
    expect(instance).toEqual({
      paymentType: "PayAsYouGo",
      postPaidFlag: 1,
      postPaidHostAutoBind: 1,
      postPaidHostAutoBindVersion: 7,
    });
    const on = Object.entries(postPayModuleSwitchObj as object).flatMap(([module, state]) =>
      state === 1 ? [module] : [],
    );
    // Nothing is bought that nobody asked for.
    expect(on.sort()).toEqual(["basicService", "postHost"]);
  },
);

test("an account that has Security Center gets no second one", async () => {
  const resources = await built(demand("acme-alibaba", { accountHas: ["threat-detection"] }));
  expect(allOf(resources, "threatdetection/instance:Instance")).toEqual([]);
});
