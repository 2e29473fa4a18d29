import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { expect, test } from "vitest";
import type { Entry } from "../../../../components/platform.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { entryOf, FrontEntry } from "../../../../components/tencent/entry.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, DEMAND, ofClass, parts, refusalOf } from "./sample.ts";

let entry: Entry;
function build(change = {}): void {
  const context = contextFor(change);
  const front = new FrontEntry("entry", context, parts(context));
  entry = entryOf(context, front, (name, args, opts) => new SecretFiles(name, args, opts));
  entry.bind?.({} as Service, {});
}

const made = (change = {}) => record(() => build(change));

const PUBLIC = { entry: { ...DEMAND.entry, exposure: "public" as const, allowedCidrs: ["203.0.113.0/24"] } };

test("an internal entry has an address of the edge subnet and none of the internet", async () => {
  const seen = await made();
  const balancer = at(seen, "ClbInstance", "entry");
  expect(balancer).toMatchObject({
    networkType: "INTERNAL",
    subnetId: "network-edge-ap-guangzhou-4-id",
    securityGroups: ["network-entry-id"],
    deleteProtect: true,
  });
  expect(balancer).not.toHaveProperty("internetChargeType");
  expect(ofClass(seen, "WafClbInstance")).toEqual([]);
});

test("a public entry stands in two zones, behind a firewall that refuses", async () => {
  const seen = await made(PUBLIC);
  expect(at(seen, "ClbInstance", "entry")).toMatchObject({
    networkType: "OPEN",
    masterZoneId: "ap-guangzhou-4",
    slaveZoneId: "ap-guangzhou-6",
  });
  expect(at(seen, "WafClbDomain", "entry")).toMatchObject({
    domain: "agents.acme.example",
    engine: 21,
    flowMode: 1,
    region: "gz",
  });
});

test("no listener speaks a TLS older than 1.2", async () => {
  expect(at(await made(), "ClbCustomizedConfig", "entry")).toMatchObject({
    configContent: "ssl_protocols TLSv1.2 TLSv1.3;",
    loadBalancerIds: ["entry-id"],
  });
});

test("the front door's listener has HTTPS, with a certificate whose number comes from a file", async () => {
  const seen = await made();
  const annotations = entry.annotations ?? {};
  expect(JSON.parse(annotations["service.cloud.tencent.com/specify-protocol"] as string)).toEqual({
    "18789": { protocol: ["HTTPS"], hosts: { "agents.acme.example": { tls: "front-door-certificate" } } },
  });
  expect(ofClass(seen, "SecretFiles").map(({ inputs }) => inputs)).toEqual([
    {
      namespace: "breakwater",
      name: "front-door-certificate",
      files: { qcloud_cert_id: "platform/front-door-certificate-id" },
    },
  ]);
});

test("the front door hears load balancers alone", async () => {
  await made();
  expect(entry.peers.map(({ ipBlock }) => (ipBlock as { cidr: string }).cidr)).toEqual([
    "10.68.240.0/22",
    "10.68.244.0/22",
    "10.68.248.0/22",
    "100.64.0.0/10",
  ]);
});

test("its name is answered inside the network, and no other name of the company is hidden", async () => {
  const seen = await made();
  expect(at(seen, "PrivateDnsZone", "entry")).toMatchObject({
    domain: "agents.acme.example",
    vpcSets: [{ region: "ap-guangzhou", uniqVpcId: "network-id" }],
  });
  expect(at(seen, "PrivateDnsRecord", "entry")).toMatchObject({ recordType: "A", subDomain: "@" });
});

test("an entry without a name is refused, because its certificate is for a name", async () => {
  expect(await refusalOf(() => build({ entry: { ...DEMAND.entry, host: undefined } }))).toContain(
    "[tencent/entry-host] network.host: got nothing",
  );
});

test("every request is written down, where it is kept as long as audit records", async () => {
  expect(at(await made(), "ClbInstance", "entry")).toMatchObject({ logSetId: "logs-id", logTopicId: "logs-entry-id" });
});
