import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf } from "./world.ts";

test("Security Center protects every node that joins, hosts and containers", async () => {
  const { postPayModuleSwitchObj, ...instance } = inputsOf(
    await built(demand("acme-alibaba")),
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
});

test("an account that has Security Center gets no second one", async () => {
  const resources = await built(demand("acme-alibaba", { accountHas: ["threat-detection"] }));
  expect(allOf(resources, "threatdetection/instance:Instance")).toEqual([]);
});

test("under architecture B what nodes do is told to nobody outside", async () => {
  expect(allOf(await built(demand("acme-alibaba-b")), "threatdetection/instance:Instance")).toEqual([]);
});
