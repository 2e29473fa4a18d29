import { parseSettings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { metalLbEntry } from "../../../../components/dgx/entry.ts";
import { demandOf } from "../../../../stacks/demand.ts";
import { objectAt, ofKind, recordPlan, sectionsOf, specOf } from "../../../support/plan.ts";

const sections = sectionsOf("acme-dgx");
const demand = demandOf("acme-dgx", parseSettings(sections).settings);
const plan = await recordPlan(sections, { environment: "acme-dgx" });

test("the front door has an address of the pool, from this installation of MetalLB alone", () => {
  const service = objectAt(plan, "Service", "breakwater", "front-door");
  expect(specOf(service)).toMatchObject({ type: "LoadBalancer", loadBalancerClass: "metallb.io/metallb" });
  expect(service.inputs["metadata"]).toMatchObject({ annotations: { "metallb.io/address-pool": "breakwater" } });
  const others = ofKind(plan, "Service").filter((other) => other !== service);
  for (const other of others) expect(specOf<{ type?: string }>(other).type ?? "ClusterIP").toBe("ClusterIP");
});

test("requests keep their sender's address, so that ranges can be told apart, and only the company's are let in", () => {
  const [patch] = ofKind(plan, "ServicePatch");
  expect(patch?.inputs).toMatchObject({
    metadata: { name: "front-door", namespace: "breakwater" },
    spec: { externalTrafficPolicy: "Local", loadBalancerSourceRanges: ["172.16.0.0/12"] },
  });
  expect(metalLbEntry(demand).peers).toEqual([{ ipBlock: { cidr: "172.16.0.0/12" } }]);
});

test("ranges that settings allow come before the company's", () => {
  const narrowed = metalLbEntry({ ...demand, entry: { ...demand.entry, allowedCidrs: ["172.20.9.0/24"] } });
  expect(narrowed.peers).toEqual([{ ipBlock: { cidr: "172.20.9.0/24" } }]);
});

test("without any range nobody is let in", () => {
  const closed = metalLbEntry({
    ...demand,
    network: { ...demand.network, companyCidrs: [] },
    entry: { ...demand.entry, allowedCidrs: [] },
  });
  expect(closed.peers).toEqual([]);
});

test("only a Service that asks for the pool gets an address of it", () => {
  const [pool] = ofKind(plan, "IPAddressPool");
  expect(specOf(pool ?? objectAt(plan, "IPAddressPool", "", ""))).toEqual({
    addresses: ["172.20.8.0/28"],
    autoAssign: false,
    avoidBuggyIPs: true,
  });
  const [announced] = ofKind(plan, "L2Advertisement");
  expect(announced?.inputs["spec"]).toEqual({ ipAddressPools: ["breakwater"] });
});

test("addresses come after the operator that knows what they are", () => {
  const [pool] = ofKind(plan, "IPAddressPool");
  const release = plan.find(({ type, name }) => type.endsWith(":Release") && name === "metallb");
  const network = plan.find(({ type }) => type === "breakwater:dgx:Network");
  expect([...(pool?.dependencies ?? []), ...(network?.dependencies ?? [])]).toContain(release?.urn);
});
