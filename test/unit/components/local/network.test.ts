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

const [FIRST_PORT = 0, LAST_PORT = 0] = network.nodePorts.split("-").map(Number);

test.each([FIRST_PORT - 1, LAST_PORT + 1])(
  "front door port %i, which the local node cannot open, is refused at preview, not by the API server at up",
  async (port) => {
    const refusal = await recordPlan({ ...localSections(), front_door: { port } }).catch(
      (error: Error) => error.message,
    );
    expect(refusal).toBe(
      `[deployment/port-out-of-range] front_door.port: got ${port}; expected 18000 to 18999 on the local topology; choose a port of that range`,
    );
  },
);

test.each([FIRST_PORT, LAST_PORT])("front door port %i, the end of the node's range, is taken", (port) => {
  expect(nodePortEntry(port).nodePort).toBe(port);
});
