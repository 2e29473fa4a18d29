import fc from "fast-check";
import { expect, test } from "vitest";
import { firewallCidr, zonesOf } from "../../../../components/alibaba/zones.ts";
import { overlap, parseCidr } from "../../../../components/cidr.ts";
import { allOf, built, demand, inputsOf } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

test("each of three zones has a vSwitch for nodes, for data and for the edge, and the firewall has its own", () => {
  const switches = allOf(resources, ":Switch");
  expect(switches).toHaveLength(10);
  expect(new Set(switches.map(({ zoneId }) => zoneId))).toEqual(
    new Set(["cn-hangzhou-i", "cn-hangzhou-j", "cn-hangzhou-k"]),
  );
});

test("no two vSwitches of any network share an address, the firewall's own among them", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 20 }), fc.nat(255), (bits, octet) => {
      const network = { cidr: `10.${octet}.0.0/${bits}`, companyCidrs: [] };
      const zones = zonesOf({ zones: undefined, region: "cn-hangzhou", network });
      const cidrs = [...zones.flatMap(({ nodes, data, edge }) => [nodes, data, edge]), firewallCidr({ network })];
      const ranges = cidrs.map(parseCidr);
      for (const [index, range] of ranges.entries()) {
        expect(ranges.slice(index + 1).filter((other) => overlap(range, other))).toEqual([]);
        // The smallest that Alibaba takes.
        expect(range.bits).toBeLessThanOrEqual(28);
      }
    }),
  );
});

test("objects are reached by a gateway endpoint in the network's route table", () => {
  expect(inputsOf(resources, ":GatewayEndpoint")).toMatchObject({
    serviceName: "com.aliyun.cn-hangzhou.oss",
    vpcId: "alibaba-network-id",
  });
});

test.each(["sls", "sts", "ecs", "cs"])(
  "service %s is reached by interfaces in two zones' data vSwitches",
  (service) => {
    expect(inputsOf(resources, ":VpcEndpoint", `alibaba-network-${service}`)).toMatchObject({
      endpointType: "Interface",
      serviceName: `com.aliyuncs.privatelink.cn-hangzhou.${service}`,
    });
    const zones = resources.filter(({ name }) => name.startsWith(`alibaba-network-${service}-cn-`));
    expect(zones.map(({ inputs }) => (inputs as { vswitchId: string }).vswitchId)).toEqual([
      "alibaba-network-data-cn-hangzhou-i-id",
      "alibaba-network-data-cn-hangzhou-j-id",
    ]);
  },
);

test("interfaces of services take HTTPS from this network and nothing else", () => {
  expect(inputsOf(resources, ":SecurityGroupRule", "alibaba-network-services-https")).toMatchObject({
    type: "ingress",
    portRange: "443/443",
    cidrIp: wanted.network.cidr,
  });
  expect(inputsOf(resources, ":SecurityGroup", "alibaba-network-services")).toMatchObject({
    innerAccessPolicy: "Drop",
  });
});

test("a region without known zones is refused with what to write", () => {
  const attempt = () => zonesOf({ zones: undefined, region: "cn-nowhere", network: wanted.network });
  expect(attempt).toThrow(
    "[alibaba/unknown-zones] network.zones: got no zones for region cn-nowhere; expected three zones of the region; name them, as your account shows them",
  );
});
