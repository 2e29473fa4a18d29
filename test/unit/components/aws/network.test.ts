import fc from "fast-check";
import { expect, test } from "vitest";
import { contextOf } from "../../../../components/aws/context.ts";
import { endpointIn } from "../../../../components/aws/egress.ts";
import { allowedNames, onlyTcp } from "../../../../components/aws/egress-rules.ts";
import { bucketsOf, onlyOwn, servicesOf } from "../../../../components/aws/endpoints.ts";
import { apiServerPeers, internalRanges } from "../../../../components/aws/ways.ts";
import { serviceCidr, zonesOf } from "../../../../components/aws/zones.ts";
import { contains, overlap, parseCidr } from "../../../../components/cidr.ts";
import { ACCOUNT, CHINA, DEMAND, recorded } from "./recorded.ts";

const seoul = await recorded();
const internal = await recorded({ entry: { exposure: "internal", host: "agents.acme.example", allowedCidrs: [] } });
const china = await recorded({}, CHINA);
const LETTERS = ["a", "b", "c"];

test("every range of every zone lies in the network, overlaps no other and is one that AWS takes", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 255 }), (bits, second) => {
      const cidr = `10.${second}.0.0/${bits}`;
      const ranges = zonesOf({ ...DEMAND, network: { cidr, companyCidrs: [] } }).flatMap(
        ({ nodes, data, entry, nat, filter }) => [nodes, data, entry, nat, filter].map(parseCidr),
      );
      expect(ranges).toHaveLength(15);
      for (const [at, range] of ranges.entries()) {
        expect(contains(parseCidr(cidr), range)).toBe(true);
        // A subnet is /28 at least, and the load balancer's /27.
        expect(range.bits).toBeLessThanOrEqual(28);
        expect(ranges.slice(at + 1).some((other) => overlap(range, other))).toBe(false);
      }
      const entries = zonesOf({ ...DEMAND, network: { cidr, companyCidrs: [] } });
      expect(entries.every(({ entry }) => parseCidr(entry).bits <= 27)).toBe(true);
    }),
  );
});

test("the environment's own zones come before those that are known of the region", () => {
  const zones = ["ap-northeast-2a", "ap-northeast-2c", "ap-northeast-2d"];
  expect(zonesOf({ ...DEMAND, zones }).map(({ zone }) => zone)).toEqual(zones);
});

test("there is a subnet for each tier in each of three zones, and none gives out public addresses", () => {
  const subnets = seoul.of("Subnet");
  expect(subnets).toHaveLength(15);
  expect(subnets.every(({ inputs }) => inputs.mapPublicIpOnLaunch === false)).toBe(true);
  expect(new Set(subnets.map(({ inputs }) => inputs.availabilityZone))).toEqual(
    new Set(LETTERS.map((letter) => `ap-northeast-2${letter}`)),
  );
});

test("the default security group lets nothing in or out", () => {
  const { ingress, egress } = seoul.one("DefaultSecurityGroup", "aws-network");
  expect([ingress, egress]).toEqual([[], []]);
});

/** Route tables with a way to the internet gateway. */
function openTiers({ of }: typeof seoul): string[] {
  return of("Route")
    .filter(({ inputs }) => inputs.gatewayId !== undefined)
    .map(({ inputs }) => inputs.routeTableId)
    .sort();
}

test("NAT alone reaches the internet gateway where the entry is internal; with a public one the load balancer as well", () => {
  const tables = (tier: string) => LETTERS.map((letter) => `aws-network-${tier}-ap-northeast-2${letter}-id`);
  expect(openTiers(internal)).toEqual(tables("nat"));
  expect(openTiers(seoul)).toEqual([...tables("entry"), ...tables("nat")]);
});

test.each(LETTERS)(
  "in zone %s packets go from nodes to the filter to NAT, and return through the same filter",
  (letter) => {
    const zone = `ap-northeast-2${letter}`;
    const { nodes } = zonesOf(DEMAND).find((each) => each.zone === zone) ?? { nodes: "" };
    const table = (tier: string) => `aws-network-${tier}-${zone}-id`;
    expect(seoul.one("Route", `aws-egress-${zone}-out`)).toEqual({
      routeTableId: table("nodes"),
      destinationCidrBlock: "0.0.0.0/0",
      vpcEndpointId: `vpce-${letter}`,
    });
    expect(seoul.one("Route", `aws-egress-${zone}-filtered`)).toEqual({
      routeTableId: table("filter"),
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: `aws-egress-${zone}-id`,
    });
    expect(seoul.one("Route", `aws-egress-${zone}-back`)).toEqual({
      routeTableId: table("nat"),
      destinationCidrBlock: nodes,
      vpcEndpointId: `vpce-${letter}`,
    });
    expect(seoul.one("NatGateway", `aws-egress-${zone}`).subnetId).toBe(table("nat"));
  },
);

test("databases, endpoints and internal load balancers have no way out at all", () => {
  const targets = internal.of("Route").map(({ inputs }) => inputs.routeTableId as string);
  expect(targets.filter((table) => table.includes("-data-") || table.includes("-entry-"))).toEqual([]);
});

test("the filter lets the exact names of the environment pass and nothing like them", () => {
  const { ruleGroup } = china.one("RuleGroup", "aws-egress-names");
  expect(ruleGroup.rulesSource.rulesSourceList).toEqual({
    generatedRulesType: "ALLOWLIST",
    targetTypes: ["TLS_SNI"],
    targets: ["api.deepseek.com", "dashscope.aliyuncs.com"],
  });
  expect(ruleGroup.ruleVariables.ipSets[0].ipSet.definitions).toEqual(zonesOf(CHINA).map(({ nodes }) => nodes));
});

test("without any name the filter's list holds one that nobody has, because an empty one is not taken", () => {
  const { ruleGroup } = allowedNames([], ["10.0.0.0/18"]) as { ruleGroup: { rulesSource: object } };
  expect(ruleGroup.rulesSource).toEqual({
    rulesSourceList: { generatedRulesType: "ALLOWLIST", targetTypes: ["TLS_SNI"], targets: ["nobody.invalid"] },
  });
});

test("what is not TCP of the nodes is dropped, and so is TCP without an allowed name", () => {
  const { firewallPolicy } = seoul.one("FirewallPolicy", "aws-egress");
  expect(firewallPolicy.statelessDefaultActions).toEqual(["aws:drop"]);
  expect(firewallPolicy.statelessFragmentDefaultActions).toEqual(["aws:drop"]);
  expect(firewallPolicy.statefulDefaultActions).toContain("aws:drop_established");
  expect(firewallPolicy.statefulEngineOptions).toEqual({ ruleOrder: "STRICT_ORDER", streamExceptionPolicy: "DROP" });
  const { ruleGroup } = onlyTcp(["10.64.0.0/18"]) as { ruleGroup: unknown };
  expect(JSON.stringify(ruleGroup).match(/"protocols":\[6\]/g)).toHaveLength(2);
});

test("what the filter drops and lets pass is written down", () => {
  const { loggingConfiguration } = seoul.one("LoggingConfiguration", "aws-egress");
  const types = loggingConfiguration.logDestinationConfigs.map(({ logType }: { logType: string }) => logType);
  expect(types).toEqual(["ALERT", "FLOW"]);
});

test("a filter without an endpoint in a zone is an error, not a route to nowhere", () => {
  expect(() => endpointIn([], "ap-northeast-2a")).toThrow("the egress filter has no endpoint in ap-northeast-2a");
});

test.each(servicesOf(contextOf(DEMAND)))(
  "%s is reached by a private endpoint in three zones, by identities of this account only",
  (service) => {
    const endpoint = seoul.one("VpcEndpoint", `aws-endpoints-${service}`);
    expect(endpoint).toMatchObject({ vpcEndpointType: "Interface", privateDnsEnabled: true });
    expect(endpoint.serviceName).toBe(`com.amazonaws.ap-northeast-2.${service}`);
    expect(endpoint.subnetIds).toHaveLength(3);
    expect(JSON.parse(endpoint.policy)).toEqual(JSON.parse(onlyOwn(ACCOUNT)));
  },
);

test("no endpoint is without a policy", () => {
  for (const { name, inputs } of [...seoul.of("VpcEndpoint"), ...china.of("VpcEndpoint")]) {
    expect([name, typeof inputs.policy]).toEqual([name, "string"]);
  }
});

test("S3 is reached for this account's buckets and ECR's layers, not for anybody else's buckets", () => {
  const { Statement } = JSON.parse(bucketsOf(ACCOUNT, "cn-north-1", "aws-cn"));
  expect(Statement).toEqual([
    expect.objectContaining({
      Condition: { StringEquals: { "aws:ResourceAccount": ACCOUNT, "aws:PrincipalAccount": ACCOUNT } },
    }),
    expect.objectContaining({
      Action: "s3:GetObject",
      Resource: "arn:aws-cn:s3:::prod-cn-north-1-starport-layer-bucket/*",
    }),
  ]);
});

test("endpoints take HTTPS from the nodes' ranges and from nowhere else", () => {
  const rules = seoul
    .of("SecurityGroupIngressRule")
    .filter(({ inputs }) => inputs.securityGroupId === "aws-endpoints-id");
  expect(rules.map(({ inputs: { cidrIpv4, fromPort, toPort } }) => [cidrIpv4, fromPort, toPort])).toEqual(
    zonesOf(DEMAND).map(({ nodes }) => [nodes, 443, 443]),
  );
});

test("names outside the list get no answer, so that nothing leaves inside a question", () => {
  const allowed = china.one("ResolverFirewallDomainList", "aws-dns-allowed").domains as string[];
  expect(allowed).toEqual(expect.arrayContaining(["dashscope.aliyuncs.com", "*.cn-northwest-1.amazonaws.com.cn"]));
  expect(allowed.filter((name) => name.startsWith("*") && !name.includes("cn-northwest-1"))).toEqual([]);
  expect(china.one("ResolverFirewallRule", "aws-dns-allowed")).toMatchObject({ action: "ALLOW", priority: 100 });
  expect(china.one("ResolverFirewallRule", "aws-dns-everything")).toMatchObject({ action: "BLOCK", priority: 200 });
  expect(china.one("ResolverFirewallConfig", "aws-dns").firewallFailOpen).toBe("DISABLED");
});

test("an internal host is found in the network only; its public zone holds the certificate's proof and no address", () => {
  expect(internal.one("Zone", "aws-dns-internal").vpcs).toEqual([{ vpcId: "aws-network-id" }]);
  expect(internal.one("Record", "aws-dns").zoneId).toBe("aws-dns-internal-zone");
  expect(internal.one("Record", "aws-entry-proof").zoneId).toBe("aws-dns-zone");
  expect(seoul.one("Record", "aws-dns").zoneId).toBe("aws-dns-zone");
  expect(seoul.of("Zone").map(({ name }) => name)).toEqual(["aws-dns"]);
});

test("pods reach the API server by its Service and by its cards, and the router leaves all of it out", () => {
  const cidrs = apiServerPeers(DEMAND, ["10.64.192.0/20"]).map(({ ipBlock }) => (ipBlock as { cidr: string }).cidr);
  expect(cidrs).toEqual(["172.20.0.1/32", "10.64.192.0/20"]);
  expect(internalRanges(DEMAND)).toEqual(["10.64.0.0/16", "172.20.0.0/16", "169.254.0.0/16", "10.0.0.0/12"]);
});

test("addresses of Services are not the network's own", () => {
  expect(serviceCidr({ network: { cidr: "172.20.0.0/16", companyCidrs: [] } })).toBe("10.100.0.0/16");
});
