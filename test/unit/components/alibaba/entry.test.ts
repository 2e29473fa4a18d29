import { expect, test } from "vitest";
import { hostOf, TLS_POLICY } from "../../../../components/alibaba/entry.ts";
import { allOf, built, demand, inputsOf, platformFor } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);
const open = demand("acme-alibaba", {
  entry: { ...wanted.entry, exposure: "public", allowedCidrs: ["203.0.113.0/24"] },
});

test("inside, the load balancer has an address of the network alone", () => {
  expect(inputsOf(resources, ":LoadBalancer")).toMatchObject({
    addressType: "Intranet",
    loadBalancerEdition: "Standard",
    deletionProtectionConfig: { enabled: true },
  });
  const zones = inputsOf(resources, ":LoadBalancer")["zoneMappings"] as { vswitchId: string }[];
  expect(zones.map(({ vswitchId }) => vswitchId)).toEqual(
    ["i", "j", "k"].map((zone) => `alibaba-network-edge-cn-hangzhou-${zone}-id`),
  );
});

test("with an address of the internet comes a web application firewall", async () => {
  expect(inputsOf(await built(open), ":LoadBalancer")).toMatchObject({
    addressType: "Internet",
    loadBalancerEdition: "StandardWithWaf",
  });
});

test("under B there is no address of the internet, whatever is asked for", async () => {
  const inside = await built({ ...open, architecture: "B", egressHosts: [] });
  expect(inputsOf(inside, ":LoadBalancer")).toMatchObject({ addressType: "Intranet" });
  expect(allOf(inside, ":AlidnsRecord")).toEqual([]);
});

function allowed(found: Awaited<ReturnType<typeof built>>): readonly unknown[] {
  return found
    .filter(({ name }) => name.startsWith("alibaba-entry-"))
    .map(({ inputs }) => (inputs as { cidrIp: string }).cidrIp);
}

test("HTTPS is taken from the company's and the platform's own ranges, or from those that the settings name", async () => {
  expect(allowed(resources)).toEqual(["10.0.0.0/12", "10.80.0.0/16"]);
  expect(allowed(await built(open))).toEqual(["203.0.113.0/24"]);
  expect(inputsOf(resources, ":LoadBalancerSecurityGroupAttachment")).toEqual({
    loadBalancerId: "alibaba-entry-id",
    securityGroupId: "alibaba-entry-id",
  });
});

test("the one listener speaks TLS 1.2 and 1.3, and the controller makes no load balancer of its own", () => {
  const { spec } = inputsOf(resources, ":AlbConfig") as { spec: { config: unknown; listeners: unknown[] } };
  expect(spec.config).toMatchObject({ id: "alibaba-entry-id" });
  expect(spec.listeners).toHaveLength(1);
  expect(spec.listeners[0]).toMatchObject({ port: 443, protocol: "HTTPS", securityPolicyId: TLS_POLICY });
  expect(TLS_POLICY).toBe("tls_cipher_policy_1_2_strict_with_1_3");
});

test("the host alone leads to the front door, by TLS", () => {
  const { spec } = inputsOf(resources, ":Ingress") as { spec: Record<string, unknown> };
  expect(spec).toEqual({
    ingressClassName: "breakwater",
    tls: [{ hosts: ["agents.acme.example"] }],
    rules: [
      {
        host: "agents.acme.example",
        http: {
          paths: [
            { path: "/", pathType: "Prefix", backend: { service: { name: "front-door", port: { number: 18789 } } } },
          ],
        },
      },
    ],
  });
});

test("the front door takes requests from the load balancer's vSwitches and needs no port of a node", async () => {
  const { entry } = await platformFor(wanted);
  expect(entry.type).toBe("ClusterIP");
  expect(entry.peers).toEqual(
    ["10.80.240.0/22", "10.80.244.0/22", "10.80.248.0/22"].map((cidr) => ({ ipBlock: { cidr } })),
  );
});

test("every request is in the log", () => {
  expect(inputsOf(resources, ":LoadBalancer")).toMatchObject({ accessLogConfig: { logStore: "alb_entry" } });
});

test("an environment without a host is refused, because no certificate could be found", () => {
  expect(() => hostOf({ entry: { ...wanted.entry, host: undefined } })).toThrow(
    /^\[alibaba\/no-host\] network\.host: got nothing; /,
  );
});
