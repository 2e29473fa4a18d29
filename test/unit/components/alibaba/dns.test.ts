import { expect, test } from "vitest";
import { splitHost } from "../../../../components/alibaba/dns.ts";
import { allOf, built, demand, inputsOf } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

test("the host's name leads to the load balancer inside the network, and nowhere outside", () => {
  expect(inputsOf(resources, "pvtz/zone:Zone")).toMatchObject({ zoneName: "acme.example", proxyPattern: "RECORD" });
  expect(inputsOf(resources, ":ZoneRecord")).toMatchObject({
    rr: "agents",
    type: "CNAME",
    value: "alb-example.region.alb.aliyuncsslb.com",
  });
  expect(inputsOf(resources, ":ZoneAttachment")).toMatchObject({
    vpcs: [{ vpcId: "alibaba-network-id", regionId: "cn-hangzhou" }],
  });
  expect(allOf(resources, ":AlidnsRecord")).toEqual([]);
});

test("a public front door has a public name", async () => {
  const open = await built(demand("acme-alibaba", { entry: { ...wanted.entry, exposure: "public" } }));
  expect(inputsOf(open, ":AlidnsRecord")).toMatchObject({ domainName: "acme.example", rr: "agents", type: "CNAME" });
});

test("under B nobody outside is asked for other names of the domain", async () => {
  expect(inputsOf(await built(demand("acme-alibaba-b")), "pvtz/zone:Zone")).toMatchObject({ proxyPattern: "ZONE" });
});

test("a host is its first label and its domain", () => {
  expect(splitHost("agents.east.acme.example")).toEqual({ label: "agents", domain: "east.acme.example" });
});
