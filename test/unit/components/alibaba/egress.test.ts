import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

test("nodes leave through one gateway that no single zone holds, and nothing but nodes does", () => {
  expect(inputsOf(resources, ":NatGateway")).toMatchObject({ natType: "Enhanced", availabilityMode: "CrossAZ" });
  const sources = allOf(resources, ":SnatEntry").map(({ sourceVswitchId }) => sourceVswitchId);
  expect(sources).toEqual(["i", "j", "k"].map((zone) => `alibaba-network-nodes-cn-hangzhou-${zone}-id`));
});

test("the way out is open for the exact names of providers and mail server: the mainland's DashScope, not the other one", () => {
  const { addressLists, groupType } = inputsOf(resources, ":AddressBook");
  expect(groupType).toBe("domain");
  expect(addressLists).toEqual(["api.deepseek.com", "dashscope.aliyuncs.com", "mail.acme.example"]);
  expect(JSON.stringify(resources)).not.toContain("dashscope-intl");
  expect((addressLists as string[]).some((host) => host.includes("*"))).toBe(false);
});

test("they are reached by the name inside TLS, and everything else is dropped", () => {
  expect(inputsOf(resources, ":NatFirewallControlPolicy", "alibaba-egress-hosts")).toMatchObject({
    aclAction: "accept",
    newOrder: "1",
    direction: "out",
    proto: "TCP",
    applicationNameLists: ["HTTPS", "SSL"],
    destinationType: "group",
    domainResolveType: 0,
  });
  expect(inputsOf(resources, ":NatFirewallControlPolicy", "alibaba-egress-rest")).toMatchObject({
    aclAction: "drop",
    newOrder: "2",
    destination: "0.0.0.0/0",
    proto: "ANY",
    source: wanted.network.cidr,
  });
});

test("the firewall is switched on, takes the default route, and denies what it cannot name", () => {
  expect(inputsOf(resources, ":NatFirewall")).toMatchObject({
    firewallSwitch: "open",
    strictMode: 1,
    natRouteEntryLists: [{ destinationCidr: "0.0.0.0/0", nexthopType: "NatGateway" }],
  });
});

test("with nothing to reach outside there is no way out at all", async () => {
  const inside = await built(demand("acme-alibaba", { egressHosts: [] }));
  for (const type of [":NatGateway", ":EipAddress", ":SnatEntry", ":NatFirewall"]) {
    expect([type, allOf(inside, type)]).toEqual([type, []]);
  }
});

test("what is an attack in what passes is refused, unless the account says how itself", async () => {
  expect(inputsOf(resources, ":IpsConfig")).toEqual({
    runMode: 1,
    ruleClass: 2,
    basicRules: 1,
    patchRules: 1,
    ctiRules: 1,
    lang: "en",
  });
  const left = await built(demand("acme-alibaba", { accountHas: ["intrusion-prevention"] }));
  expect(allOf(left, ":IpsConfig")).toEqual([]);
});
