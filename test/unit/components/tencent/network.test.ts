import fc from "fast-check";
import { expect, test } from "vitest";
import { contains, parseCidr } from "../../../../components/cidr.ts";
import { clientsOf, internalCidrsOf, Network } from "../../../../components/tencent/network.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, DEMAND, ofClass } from "./sample.ts";

const network = (change = {}) => record(() => new Network("network", contextFor(change)));

test("each tier has a subnet in each of three zones, inside the network", async () => {
  const subnets = ofClass(await network(), "Subnet");
  expect(subnets.map(({ name }) => name).sort()).toEqual(
    ["data", "edge", "nodes"].flatMap((tier) => [4, 6, 7].map((zone) => `network-${tier}-ap-guangzhou-${zone}`)),
  );
  const whole = parseCidr(DEMAND.network.cidr);
  for (const { inputs } of subnets) expect(contains(whole, parseCidr(inputs.cidrBlock))).toBe(true);
});

test("an environment's own zones are used", async () => {
  const zones = ["ap-guangzhou-3", "ap-guangzhou-4", "ap-guangzhou-8"];
  const seen = ofClass(await network({ zones }), "Subnet").map(({ inputs }) => inputs.availabilityZone);
  expect([...new Set(seen)]).toEqual(zones);
});

test("the network by itself has no way out: no address, no gateway, no route", async () => {
  const types = (await network()).map(({ type }) => type);
  expect(types.filter((type) => /eip|natGateway|routeTableEntry/.test(type))).toEqual([]);
});

test("the database is reachable from the nodes' subnets alone, and reaches nothing", async () => {
  const seen = await network();
  const { ingresses, egresses } = at(seen, "SecurityGroupRuleSet", "network-database");
  expect(ingresses.map(({ action, cidrBlock, port }: Record<string, string>) => [action, cidrBlock, port])).toEqual([
    ["ACCEPT", "10.68.0.0/18", "5432"],
    ["ACCEPT", "10.68.64.0/18", "5432"],
    ["ACCEPT", "10.68.128.0/18", "5432"],
    ["DROP", "0.0.0.0/0", "ALL"],
  ]);
  expect(egresses).toEqual([expect.objectContaining({ action: "DROP", cidrBlock: "0.0.0.0/0" })]);
});

test("only the named ranges come to the load balancer, and only to the front door's port", async () => {
  const entry = { ...DEMAND.entry, allowedCidrs: ["203.0.113.0/24"] };
  const { ingresses } = at(await network({ entry }), "SecurityGroupRuleSet", "network-entry");
  expect(ingresses).toEqual([
    { action: "ACCEPT", cidrBlock: "203.0.113.0/24", protocol: "TCP", port: "18789", description: "clients" },
    expect.objectContaining({ action: "DROP", cidrBlock: "0.0.0.0/0" }),
  ]);
});

test("an environment that names no clients has the company's ranges and its own, never the internet", () => {
  expect(clientsOf(contextFor())).toEqual(["10.0.0.0/10", "10.68.0.0/16"]);
  expect(clientsOf(contextFor({ entry: { ...DEMAND.entry, exposure: "public" } }))).not.toContain("0.0.0.0/0");
});

test("whatever the network is, a way to an outside model leaves out its addresses, its Services and the metadata service", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 16, max: 20 }), (second, bits) => {
      const cidr = `10.${second}.0.0/${bits}`;
      const left = internalCidrsOf(contextFor({ network: { cidr, companyCidrs: ["192.168.0.0/16"] } })).map(parseCidr);
      const within = (inner: string) => left.some((outer) => contains(outer, parseCidr(inner)));
      for (const inner of [cidr, "172.30.0.1/32", "169.254.0.23/32", "192.168.7.7/32"])
        expect(within(inner)).toBe(true);
    }),
  );
});
