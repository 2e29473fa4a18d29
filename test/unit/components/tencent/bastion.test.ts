import { expect, test } from "vitest";
import { Bastion } from "../../../../components/tencent/bastion.ts";
import { Network } from "../../../../components/tencent/network.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, ofClass } from "./sample.ts";

function bastion(change: Parameters<typeof contextFor>[0] = {}) {
  const context = contextFor(change);
  return record(() => new Bastion("bastion", context, { network: new Network("network", context) }));
}

test("operators' host answers inside the network alone", async () => {
  expect(at(await bastion(), "BhResource", "bastion")).toMatchObject({ intranetAccess: 1, externalAccess: 0 });
});

test("it stands in a subnet of the edge, whose range and zone it is told", async () => {
  const seen = await bastion();
  const { vpcCidrBlock, subnetId, cidrBlock, deployZone, deployRegion } = at(seen, "BhResource", "bastion");
  const subnet = ofClass(seen, "Subnet").find(({ name }) => `${name}-id` === subnetId);
  expect(subnet?.inputs).toMatchObject({ cidrBlock, availabilityZone: deployZone });
  expect([subnet?.name, vpcCidrBlock, deployRegion]).toEqual([
    `network-edge-${deployZone}`,
    "10.68.0.0/16",
    "ap-guangzhou",
  ]);
});

test("it is renewed by itself, by the month", async () => {
  expect(at(await bastion(), "BhResource", "bastion")).toMatchObject({
    payMode: 1,
    timeUnit: "m",
    timeSpan: 1,
    autoRenewFlag: 1,
  });
});

test("a company that has one gets no second", async () => {
  expect(ofClass(await bastion({ accountHas: ["bastion-host"] }), "BhResource")).toEqual([]);
});
