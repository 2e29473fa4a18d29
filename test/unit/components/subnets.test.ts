import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, formatCidr, overlap, parseCidr, sizeOf } from "../../../components/cidr.ts";
import { subnetsOf } from "../../../components/subnets.ts";

const network = fc
  .tuple(fc.ipV4(), fc.integer({ min: 16, max: 20 }))
  .map(([address, bits]) => formatCidr(parseCidr(`${address}/${bits}`)));

test("every subnet is inside the network and shares no address with another", () => {
  fc.assert(
    fc.property(network, (cidr) => {
      const all = subnetsOf(cidr).flatMap(({ nodes, data, edge }) => [nodes, data, edge].map(parseCidr));
      expect(all).toHaveLength(9);
      for (const [index, one] of all.entries()) {
        expect(contains(parseCidr(cidr), one)).toBe(true);
        expect(all.slice(index + 1).filter((other) => overlap(one, other))).toEqual([]);
      }
    }),
  );
});

test("nodes, which pods share, have a quarter each; data a sixteenth; the edge a sixty-fourth", () => {
  fc.assert(
    fc.property(network, (cidr) => {
      const whole = sizeOf(parseCidr(cidr));
      for (const { nodes, data, edge } of subnetsOf(cidr)) {
        expect([nodes, data, edge].map((part) => whole / sizeOf(parseCidr(part)))).toEqual([4, 16, 64]);
      }
    }),
  );
});

test("the smallest network has an edge of 64 addresses in each zone", () => {
  expect(subnetsOf("10.64.0.0/20").map(({ edge }) => edge)).toEqual([
    "10.64.15.0/26",
    "10.64.15.64/26",
    "10.64.15.128/26",
  ]);
});

test("the ranges of a network do not change from one release to the next, because that would replace the subnets", () => {
  expect(subnetsOf("10.64.0.0/16")).toEqual([
    { nodes: "10.64.0.0/18", data: "10.64.192.0/20", edge: "10.64.240.0/22" },
    { nodes: "10.64.64.0/18", data: "10.64.208.0/20", edge: "10.64.244.0/22" },
    { nodes: "10.64.128.0/18", data: "10.64.224.0/20", edge: "10.64.248.0/22" },
  ]);
});
