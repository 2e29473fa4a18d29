import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf, planned } from "./world.ts";

const BASTION = "bastionhost/instance:Instance";
const resources = await built(demand("acme-alibaba"));

test("operators' host has no public address, is in two zones and renews itself", () => {
  expect(inputsOf(resources, BASTION)).toMatchObject({
    description: "acme-alibaba-bastion",
    licenseCode: "bhah_ent_50_asset",
    enablePublicAccess: false,
    vswitchId: "alibaba-network-edge-cn-hangzhou-i-id",
    slaveVswitchId: "alibaba-network-edge-cn-hangzhou-j-id",
    securityGroupIds: ["alibaba-bastion-id"],
    renewalStatus: "AutoRenewal",
  });
});

test("nothing is bought beyond what its edition has", () => {
  expect(inputsOf(resources, BASTION)).toMatchObject({ bandwidth: "0", storage: "0" });
});

test("it is reached from the company's network and from nowhere else, not from where agents are", () => {
  const rules = allOf(resources, ":SecurityGroupRule").filter(
    ({ securityGroupId }) => securityGroupId === "alibaba-bastion-id",
  );
  expect(rules.map(({ type, cidrIp, portRange }) => [type, cidrIp, portRange])).toEqual([
    ["ingress", "10.0.0.0/12", "443/443"],
    ["ingress", "10.0.0.0/12", "9443/9443"],
    ["ingress", "10.0.0.0/12", "20045/20045"],
    ["ingress", "10.0.0.0/12", "60022/60022"],
  ]);
  expect(inputsOf(resources, ":SecurityGroup", "alibaba-bastion")).toMatchObject({ innerAccessPolicy: "Drop" });
});

test("a destroyed stack leaves it and its records where they are", async () => {
  const [bastion] = (await planned(demand("acme-alibaba"))).filter(({ type }) => type.endsWith(BASTION));
  expect(bastion).toMatchObject({ protected: true, retainOnDelete: true });
});

test("under architecture B there is one too, which looks outside as little", async () => {
  expect(inputsOf(await built(demand("acme-alibaba-b")), BASTION)).toMatchObject({ enablePublicAccess: false });
});

test.each([
  ["elsewhere than in the mainland", { region: "ap-southeast-1" }],
  ["where the company has one", { accountHas: ["bastion-host"] }],
] as const)("none is made %s, nor walls for it", async (_where, change) => {
  const found = await built(demand("acme-alibaba", change));
  expect(allOf(found, BASTION)).toEqual([]);
  expect(found.filter(({ name, type }) => name.startsWith("alibaba-bastion") && type.startsWith("alicloud:"))).toEqual(
    [],
  );
});
