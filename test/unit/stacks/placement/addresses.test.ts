import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, formatCidr, overlap, parseCidr } from "../../../../components/cidr.ts";
import type { Demand } from "../../../../components/demand.ts";
import { freeRange, PRIVATE_RANGES } from "../../../../stacks/placement/free-range.ts";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { placeWith, refusalsOf } from "../../../support/places.ts";

const network = (more: object) => ({ sections: { network: { host: "agents.company.com", ...more } } });

test.each([
  ["10.64.0.0/24", "10.64.0.0/20"],
  ["10.0.0.0/8", "10.0.0.0/16"],
  ["10.64.3.0/22", "10.64.0.0/20"],
])("a network of %s cannot be divided and is refused with %s", (cidr, valid) => {
  const problem = problemsOf(placeWith(network({ cidr }))).find(({ code }) => code === "placement/cidr-size");
  expect(problem?.remedy).toBe(`write ${valid}`);
});

test("a network of public addresses is refused with a private one", () => {
  expect(problemsOf(placeWith(network({ cidr: "100.64.0.0/16" })))).toMatchObject([
    { code: "placement/cidr-private", path: "network.cidr", remedy: "write 10.0.0.0/16" },
  ]);
});

test("a network that the company uses already is refused with the nearest free one", () => {
  const change = network({ cidr: "10.64.0.0/16", company_cidrs: ["192.168.0.0/16", "10.64.128.0/17", "10.65.0.0/16"] });
  expect(problemsOf(placeWith(change))).toMatchObject([
    {
      code: "placement/address-overlap",
      path: "network.cidr",
      got: "10.64.0.0/16, which shares addresses with network.company_cidrs[1] 10.64.128.0/17",
      remedy: "write 10.66.0.0/16",
    },
  ]);
});

test("where the company uses every private address no range is invented", () => {
  const change = network({ company_cidrs: ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] });
  const problems = problemsOf(placeWith(change)).filter(({ path }) => path === "network.cidr");
  expect(problems.map(({ remedy }) => remedy)).toEqual(["free a range in the company's network"]);
});

test("the network and the company's ranges stay clear of the cluster's Services", () => {
  expect(refusalsOf(network({ cidr: "172.20.0.0/16" }))).toEqual(["placement/address-overlap network.cidr"]);
  expect(refusalsOf(network({ company_cidrs: ["172.16.0.0/12"] }))).toEqual([
    "placement/address-overlap network.company_cidrs[0]",
  ]);
});

test("a suggested range is private, of the size asked for, free, and found wherever there is one", () => {
  const privateRange = fc
    .record({
      block: fc.constantFrom(...PRIVATE_RANGES),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      more: fc.nat(12),
    })
    .map(({ block, at, more }) => {
      const size = 2 ** (32 - block.bits);
      return parseCidr(formatCidr({ first: block.first + Math.floor(at * (size - 1)), bits: block.bits + more }));
    });
  fc.assert(
    fc.property(
      fc.array(privateRange, { maxLength: 6 }),
      privateRange,
      fc.integer({ min: 16, max: 20 }),
      (taken, near, bits) => {
        const found = freeRange(bits, near, taken);
        const anyFree = PRIVATE_RANGES.some((block) => {
          const blocks = Array.from(
            { length: 2 ** (bits - block.bits) },
            (_, index) => block.first + index * 2 ** (32 - bits),
          );
          return blocks.some((first) => taken.every((range) => !overlap(range, { first, bits })));
        });
        expect(found !== undefined).toBe(anyFree);
        if (found === undefined) return;
        const range = parseCidr(found);
        expect(range.bits).toBe(bits);
        expect(PRIVATE_RANGES.some((block) => contains(block, range))).toBe(true);
        expect(taken.filter((other) => overlap(other, range))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
});

test("a network whose subnets cannot hold nodes and pods is refused with the smallest that can", () => {
  const many = { deployment: { topology: "aws", region: "east-1", people: 500 } };
  const pools = (max: number) => (demand: Demand) => ({
    ...demand,
    pools: demand.pools.map((pool) => (pool.role === "agents" ? { ...pool, max } : pool)),
  });
  const place = (cidr: string, max: number) =>
    placeWith({ sections: { ...many, network: { host: "agents.company.com", cidr } }, demand: pools(max) });
  expect(problemsOf(place("10.64.0.0/20", 20))).toEqual([]);
  // (3+1 + 20+1 + 2+1 nodes) with 40 pods and their own address each; a quarter of a /20 has 1019.
  expect(problemsOf(place("10.64.0.0/20", 40))).toMatchObject([
    {
      code: "placement/pod-addresses",
      path: "network.cidr",
      got: "10.64.0.0/20, whose subnets for nodes have 1019 addresses",
      expected: "1148 addresses in each, so that two zones can carry everything, nearest 10.64.0.0/19",
      remedy: "write 10.64.0.0/19",
    },
  ]);
  expect(problemsOf(place("10.64.0.0/19", 40))).toEqual([]);
});
