import { expect, test } from "vitest";
import { internalCidrs, nodePortEntry } from "../../../../components/local/network.ts";
import { network, ports } from "../../../../tools/cluster/node/layout.ts";
import { localSections, recordPlan } from "../../../support/plan.ts";
import { contains } from "../../../support/walls.ts";

const CLUSTER = {
  node: network.nodeAddress,
  pods: network.clusterRange.split("/")[0] ?? "",
  services: network.serviceRange.split("/")[0] ?? "",
  "API server": network.apiServiceAddress,
  DNS: network.dnsAddress,
  metadata: "169.254.169.254",
};

test.each(Object.entries(CLUSTER))(
  "the way to an outside model leaves out the local node's %s (%s)",
  (_what, address) => {
    expect(internalCidrs.some((cidr) => contains(cidr, address))).toBe(true);
  },
);

test("the ranges that are left out are no smaller than the node's own", () => {
  expect(internalCidrs).toEqual(expect.arrayContaining([network.clusterRange, network.serviceRange]));
});

test("forwarded requests come from the node and from no pod", () => {
  const blocks = nodePortEntry(18_789).peers.map(({ ipBlock }) => (ipBlock as { cidr: string }).cidr);
  expect(blocks).toEqual(["10.244.0.1/32", "10.200.0.0/24"]);
  // The first address of the pods' range is the bridge's; pods have the others.
  expect(blocks.some((cidr) => contains(cidr, "10.244.0.2"))).toBe(false);
  expect(Object.values(ports)).not.toContain(18_789);
});

test("a front door port that the local node cannot open is refused at preview, not by the API server at up", async () => {
  const [first = 0] = network.nodePorts.split("-").map(Number);
  const recorded = await recordPlan({ ...localSections(), front_door: { port: first - 1 } }).catch(
    (error: Error) => error.message,
  );
  expect(recorded).toEqual(expect.stringContaining("front_door.port: "));
});
