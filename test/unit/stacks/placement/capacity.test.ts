import { expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { quotaNeeds, quotasToRaise } from "../../../../stacks/placement/quotas.ts";
import { plainTenant } from "../../../support/environments.ts";
import { testOffer } from "../../../support/offers.ts";
import { placeWith } from "../../../support/places.ts";

const tenants = (count: number) => ({
  multi_tenant: { tenants: Array.from({ length: count }, (_, index) => plainTenant(`t${index}`)) },
});
const machinesWith = (change: object) => ({
  ...testOffer,
  machines: testOffer.machines.map((machine) => ({ ...machine, ...change })),
});

test.each([1, 3, 30, 100, 200])("the nodes that are asked for hold %i tenants, by pods and by volumes", (count) => {
  for (const people of [5, 50, 500]) {
    const deployment = { topology: "aws", region: "east-1", people };
    const place = placeWith({
      sections: { ...tenants(count), deployment, network: { host: "a.company.com", cidr: "10.64.0.0/16" } },
      place: { offer: { ...testOffer, targetsMax: 1000 } },
    });
    expect([people, problemsOf(place)]).toEqual([people, []]);
  }
});

test("more cells than the nodes attach volumes for are refused, with what one node attaches", () => {
  const place = placeWith({ sections: tenants(40), place: { offer: machinesWith({ volumesMax: 2 }) } });
  const pool = place.demand.pools.find(({ role }) => role === "agents");
  expect(problemsOf(place)).toMatchObject([
    {
      code: "placement/volumes-per-node",
      path: "multi_tenant.tenants",
      got: "40 volumes for pool agents",
      expected: `at most ${2 * (pool?.max ?? 0)}: ${pool?.max} nodes of type plain.4 that attach 2 each`,
      source: "a test, 2026-11-24",
    },
  ]);
});

test("more pods than the nodes have addresses for are refused, for every pool that lacks them", () => {
  const place = placeWith({ sections: tenants(40), place: { offer: machinesWith({ podsMax: 10 }) } });
  const nodes = place.demand.pools.find(({ role }) => role === "agents")?.max ?? 0;
  expect(problemsOf(place)).toMatchObject([
    { code: "placement/pods-per-node", path: "deployment.size", got: "33 pods for pool system" },
    {
      code: "placement/pods-per-node",
      path: "multi_tenant.tenants",
      got: "45 pods for pool agents",
      expected: expect.stringContaining(`at most ${2 * nodes}: `),
    },
    { code: "placement/pods-per-node", path: "multi_tenant.tenants", got: "40 pods for pool sandbox" },
  ]);
});

test("more targets than one load balancer takes are refused, nodes as well as front doors", () => {
  const few = (targetsMax: number) => problemsOf(placeWith({ place: { offer: { ...testOffer, targetsMax } } }));
  expect(few(13)).toMatchObject([
    { code: "placement/load-balancer-targets", path: "deployment.size", got: "14 nodes" },
  ]);
  expect(few(1)).toMatchObject([
    { code: "placement/load-balancer-targets", path: "front_door.replicas", got: "2 front doors" },
  ]);
  expect(few(14)).toEqual([]);
});

test("what a fresh account lacks is counted at the largest size, and refuses nothing", () => {
  const place = placeWith();
  expect(problemsOf(place)).toEqual([]);
  // 6 nodes of 2 vCPUs, 4 and 4 of 4.
  expect(quotaNeeds(place).map(({ what, needed }) => [what, needed])).toEqual([
    ["vCPUs", 44],
    ["elastic IPs", 3],
  ]);
  expect(quotasToRaise(place).map(({ what }) => what)).toEqual(["vCPUs"]);
});

test("under B nothing counts against addresses of the internet", () => {
  const place = placeWith({ demand: (demand) => ({ ...demand, architecture: "B" }) });
  expect(quotaNeeds(place).find(({ what }) => what === "elastic IPs")?.needed).toBe(0);
});
