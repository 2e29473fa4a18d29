import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compare } from "../../../cost/compare.ts";
import { estimateOf } from "../../../cost/estimate.ts";
import { type Bounds, sumOf } from "../../../cost/money.ts";
import type { CostedResource } from "../../../cost/resource.ts";
import { bookOf, planned, settingsOf, UNKNOWN } from "./fixture.ts";

const DAY = "2026-12-01";
const aws = settingsOf("acme-aws");
/** Budgets that are twice as high: what tokens cost at most is another amount, and what is expected of them is not. */
const generous = {
  ...aws,
  multi_tenant: {
    ...aws.multi_tenant,
    tenants: aws.multi_tenant.tenants.map((tenant) => ({
      ...tenant,
      max_api_budget_monthly_usd: 2 * tenant.max_api_budget_monthly_usd,
    })),
  },
};
const china = settingsOf("acme-aws-cn");
const estimated = (resources: readonly CostedResource[], settings = aws) =>
  estimateOf(resources, settings, { day: DAY });

const key = (name: string) => planned("aws:kms/key:Key", {}, { name });
const address = (name: string) => planned("aws:ec2/eip:Eip", {}, { name });
const storageClass = planned(
  "kubernetes:storage.k8s.io/v1:StorageClass",
  { metadata: { name: "fast" }, provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } },
  { name: "fast" },
);
const claim = (name: string, storage: unknown) =>
  planned(
    "kubernetes:core/v1:PersistentVolumeClaim",
    {
      metadata: { name, namespace: "tenant-marketing" },
      spec: { storageClassName: "fast", resources: { requests: { storage } } },
    },
    { name },
  );

/** Keys, volumes of any size, some of them known only after an update, and addresses that nobody has a price for. */
const resources: fc.Arbitrary<readonly CostedResource[]> = fc
  .record({
    keys: fc.subarray(["a", "b", "c", "d"]),
    claims: fc.dictionary(
      fc.constantFrom("v", "w", "x"),
      fc.oneof(
        fc.integer({ min: 1, max: 9999 }).map((gib) => `${gib}Gi`),
        fc.constant(UNKNOWN),
      ),
    ),
    addresses: fc.subarray(["p", "q"]),
    classed: fc.boolean(),
  })
  .map(({ keys, claims, addresses, classed }) => [
    ...(classed ? [storageClass] : []),
    ...keys.map(key),
    ...Object.entries(claims).map(([name, storage]) => claim(name, storage)),
    ...addresses.map(address),
  ]);

const estimates = fc
  .tuple(resources, fc.constantFrom(aws, china, generous))
  .map(([all, settings]) => estimated(all, settings));

describe("a comparison", () => {
  test("reconciles with both estimates to the millionth of a dollar, by group and by line", () => {
    fc.assert(
      fc.property(estimates, estimates, (before, after) => {
        const { groups, added, removed, changed, unpriced, ...whole } = compare(before, after);
        expect([whole.before, whole.after]).toEqual([before.total, after.total]);
        const minus = ({ low, expected, high }: Bounds) => ({ low: 0 - low, expected: 0 - expected, high: 0 - high });
        const lines = [
          ...added.map(({ microUsd }) => microUsd),
          ...removed.map(({ microUsd }) => minus(microUsd)),
          ...changed.map(({ difference }) => difference),
        ];
        const differences = groups.map(({ difference }) => difference);
        for (const parts of [differences, lines]) {
          expect(sumOf([before.total, ...parts])).toEqual(after.total);
          expect(sumOf(parts)).toEqual(whole.difference);
        }
        const more = unpriced.reduce((sum, change) => sum + change.after - change.before, 0);
        expect(more).toBe(after.unpriced.length - before.unpriced.length);
      }),
    );
  });

  test("of an estimate with itself is nothing, and the other way round everything with the other sign", () => {
    fc.assert(
      fc.property(estimates, estimates, (before, after) => {
        expect(compare(before, before)).toMatchObject({
          groups: [],
          added: [],
          removed: [],
          changed: [],
          unpriced: [],
        });
        const there = compare(before, after).groups.map(({ what, difference }) => [what, difference.expected]);
        const back = compare(after, before).groups.map(({ what, difference }) => [what, 0 - difference.expected]);
        expect(there.toSorted()).toEqual(back.toSorted());
      }),
    );
  });

  test.each([
    ["added", [], [key("a")]],
    ["removed", [key("a")], []],
    ["dearer", [key("a")], [key("a"), key("b")]],
    ["cheaper", [key("a"), key("b")], [key("b")]],
  ] as const)("names what is %s", (change, before, after) => {
    expect(compare(estimated(before), estimated(after)).groups.map((group) => group.change)).toEqual([change]);
  });

  test("never says that something is gone because its price is", () => {
    const zone = [planned("aws:route53/zone:Zone", {}, { name: "z" })];
    const book = bookOf([["aws", "ap-northeast-2", "route53.zone", "dns", "zone-month", 7, "CNY", "high", DAY]]);
    const [none, some] = [{}, { CNY: 7_000_000 }].map((rates) => estimateOf(zone, aws, { day: DAY, rates, book }));
    if (none === undefined || some === undefined) throw new Error("two estimates were made");
    const changes = (comparison: ReturnType<typeof compare>) => comparison.groups.map(({ change }) => change);
    expect([changes(compare(some, none)), changes(compare(none, some))]).toEqual([["unpriced"], ["priced"]]);
  });

  test("counts the same thing once, whichever resource stands first", () => {
    const { groups, difference } = compare(estimated([key("b"), key("c")]), estimated([key("a"), key("c")]));
    expect([groups, difference]).toEqual([[], { low: 0, expected: 0, high: 0 }]);
  });
});
