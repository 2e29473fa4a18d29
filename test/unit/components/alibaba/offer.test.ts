import { expect, test } from "vitest";
import { LIMITS } from "../../../../components/alibaba/names.ts";
import { alibabaOffer } from "../../../../components/alibaba/offer.ts";
import { overlap, parseCidr } from "../../../../components/cidr.ts";
import { physicalName } from "../../../../components/resource-names.ts";
import { type EnvironmentName, settingsOf } from "./world.ts";

test("regions of the mainland are under its law and in its account system, Hong Kong's law is its own", () => {
  const { regions } = alibabaOffer;
  for (const name of ["cn-hangzhou", "cn-shanghai", "cn-beijing", "cn-shenzhen", "cn-zhangjiakou"]) {
    expect([name, regions[name]?.jurisdiction, regions[name]?.partition]).toEqual([name, "cn", "cn"]);
  }
  expect(regions["cn-hongkong"]).toMatchObject({ jurisdiction: "hk", partition: "intl" });
  expect(regions["ap-southeast-1"]).toMatchObject({ jurisdiction: "sg", partition: "intl" });
});

test.each(Object.entries(alibabaOffer.regions))("%s has three zones of its own name", (name, { zones }) => {
  expect(new Set(zones).size).toBe(3);
  for (const zone of zones) expect(zone).toMatch(new RegExp(`^${name}-[a-z]$`));
});

test("machines are cheapest first within a kind, as vCPUs and GPUs go", () => {
  const kinds = new Map<string, { vcpus: number; count: number }[]>();
  for (const { gpu, vcpus, virtualization } of alibabaOffer.machines) {
    const kind = gpu?.kind ?? (virtualization ? "metal" : "cpu");
    kinds.set(kind, [...(kinds.get(kind) ?? []), { vcpus, count: gpu?.count ?? 0 }]);
  }
  for (const [kind, machines] of kinds) {
    const sorted = [...machines].sort((a, b) => a.count - b.count || a.vcpus - b.vcpus);
    expect([kind, machines]).toEqual([kind, sorted]);
  }
});

test("every machine runs the pods that a pool plans for", () => {
  expect(alibabaOffer.machines.filter(({ podsMax }) => podsMax < 40)).toEqual([]);
});

test("virtual machines inside of a machine are for bare metal alone", () => {
  const names = alibabaOffer.machines.filter(({ virtualization }) => virtualization).map(({ name }) => name);
  expect(names).toEqual(["ecs.ebmg8i.48xlarge"]);
});

test.each(Object.entries(LIMITS))("a name of kind %s keeps within its limit", (_kind, limit) => {
  for (const role of ["vpc", "a-role-that-is-as-long-as-any-of-ours-is"]) {
    const name = physicalName("an-environment-with-the-longest-name-that-there-is-of-63-letters", role, limit, "scope");
    expect(name.length).toBeLessThanOrEqual(limit.maxLength);
  }
});

const ENVIRONMENTS: readonly EnvironmentName[] = ["acme-alibaba", "acme-alibaba-b"];

test.each(ENVIRONMENTS)(
  "%s has three departments, its models under China's law, and a network beside Services",
  (name) => {
    const { multi_tenant, model_providers, network } = settingsOf(name);
    expect(multi_tenant.tenants.map(({ id }) => id)).toEqual(["marketing", "engineering", "customer-service"]);
    expect(Object.keys(model_providers).length).toBe(2);
    expect(overlap(parseCidr(network.cidr), parseCidr(alibabaOffer.serviceCidr ?? ""))).toBe(false);
  },
);

test("the private environment says so, and keeps every provider inside", () => {
  const { deployment, model_providers, inference } = settingsOf("acme-alibaba-b");
  expect(deployment).toMatchObject({ architecture: "B", private_region: true });
  for (const provider of Object.values(model_providers)) {
    expect(provider).toMatchObject({ kind: "vllm", internal: true, jurisdiction: "cn" });
  }
  const served = inference.models.map(({ name }) => `https://${name}.inference.svc.cluster.local:8000/v1`);
  expect(Object.values(model_providers).map((provider) => ("base_url" in provider ? provider.base_url : ""))).toEqual(
    served,
  );
});
