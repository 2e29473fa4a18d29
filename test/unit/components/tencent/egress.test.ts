import { expect, test } from "vitest";
import { Egress } from "../../../../components/tencent/egress.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, ofClass, parts } from "./sample.ts";

const egress = (change = {}) =>
  record(() => {
    const context = contextFor(change);
    return new Egress("egress", context, parts(context));
  });

test("the firewall lets through exactly the named hosts, over HTTPS, and drops the rest", async () => {
  const rules = ofClass(await egress(), "CfwNatPolicy").map(({ inputs }) => inputs);
  expect(rules.map((rule) => [rule.ruleAction, rule.targetType, rule.targetContent, rule.protocol])).toEqual([
    ["accept", "domain", "api.deepseek.com", "HTTPS"],
    ["accept", "domain", "api.hunyuan.cloud.tencent.com", "HTTPS"],
    ["drop", "net", "0.0.0.0/0", "ANY"],
  ]);
  for (const rule of rules) expect(rule).toMatchObject({ direction: 0, sourceContent: "10.68.0.0/16", enable: "true" });
});

test("the firewall stands before the only gateway, in two zones", async () => {
  const seen = await egress();
  expect(at(seen, "CfwNatInstance", "egress")).toMatchObject({
    mode: 1,
    natGwLists: ["egress-id"],
    zoneSets: ["ap-guangzhou-4", "ap-guangzhou-6"],
    crossAZone: 1,
  });
  expect(ofClass(seen, "NatGateway")).toHaveLength(1);
});

test("only the nodes' subnets have a route out", async () => {
  const routes = ofClass(await egress(), "RouteTableEntry").map(({ inputs }) => inputs);
  expect(routes).toEqual([
    expect.objectContaining({
      routeTableId: "network-nodes-id",
      destinationCidrBlock: "0.0.0.0/0",
      nextType: "NAT",
      nextHub: "egress-id",
    }),
  ]);
});

test.each([
  ["no host is named", { egressHosts: [] }],
  ["data must not leave, whatever is named", { architecture: "B" }],
])("where %s there is no address, no gateway and no route out", async (_what, change) => {
  const types = (await egress(change)).map(({ type }) => type);
  expect(types.filter((type) => /eip:|natGateway|routeTableEntry|cfw/.test(type))).toEqual([]);
});

test("every connection of the network is written down, accepted or refused", async () => {
  expect(at(await egress(), "VpcFlowLog", "egress")).toMatchObject({
    resourceType: "VPC",
    resourceId: "network-id",
    trafficType: "ALL",
    storageType: "cls",
    cloudLogId: "logs-flows-id",
  });
});

test("what is an attack in what passes is refused, unless the account says how itself", async () => {
  expect(at(await egress(), "CfwIpsModeSwitch", "egress")).toMatchObject({ mode: 1 });
  expect(ofClass(await egress({ accountHas: ["intrusion-prevention"] }), "CfwIpsModeSwitch")).toEqual([]);
});
