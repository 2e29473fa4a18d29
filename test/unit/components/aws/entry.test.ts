import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { expect, test } from "vitest";
import { contextOf, named } from "../../../../components/aws/context.ts";
import { allowedRanges } from "../../../../components/aws/entry.ts";
import { LIMITS } from "../../../../components/aws/names.ts";
import { addonRegistry, awsOffer, partitionOf } from "../../../../components/aws/offer.ts";
import { zonesOf } from "../../../../components/aws/zones.ts";
import { CHINA, DEMAND, recorded } from "./recorded.ts";

const seoul = await recorded({}, DEMAND, ({ entry, image }) => {
  const service = new Service("front-door", { metadata: { name: "front-door", namespace: "breakwater" } });
  entry.bind?.(service, {});
  image("front-door");
});
const china = await recorded({}, CHINA);

test("the entry speaks TLS 1.3 only, with a proven certificate for the host, and nothing without TLS", () => {
  const listeners = seoul.of("Listener");
  expect(listeners.map(({ inputs: { port, protocol, sslPolicy } }) => [port, protocol, sslPolicy])).toEqual([
    [443, "HTTPS", "ELBSecurityPolicy-TLS13-1-3-2021-06"],
  ]);
  expect(seoul.one("Certificate", "aws-entry")).toMatchObject({
    domainName: "agents.acme.example",
    validationMethod: "DNS",
  });
  expect(seoul.one("Record", "aws-entry-proof")).toMatchObject({ type: "CNAME", records: ["_value.acm"] });
});

test("only the allowed ranges reach the entry; where none are named, the company's and the platform's own", () => {
  const into = ({ of }: typeof seoul) =>
    of("SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs.securityGroupId === "aws-entry-id")
      .map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort, inputs.toPort]);
  expect(into(seoul)).toEqual([["198.51.100.0/24", 443, 443]]);
  expect(into(china)).toEqual([
    ["10.0.0.0/12", 443, 443],
    ["10.64.0.0/16", 443, 443],
  ]);
  expect(allowedRanges(CHINA)).not.toContain("0.0.0.0/0");
});

test("the entry reaches the front door's port on pods and no other", () => {
  expect(seoul.one("SecurityGroupEgressRule", "aws-entry-pods")).toMatchObject({
    referencedSecurityGroupId: "sg-cluster",
    fromPort: 18789,
    toPort: 18789,
  });
  expect(seoul.of("SecurityGroupEgressRule")).toHaveLength(1);
});

test("requests are logged, bad headers dropped, and a turn may last as long as turns may", () => {
  const balancer = seoul.one("LoadBalancer", "aws-entry");
  expect(balancer).toMatchObject({
    internal: false,
    dropInvalidHeaderFields: true,
    desyncMitigationMode: "strictest",
    enableDeletionProtection: true,
    enableWafFailOpen: false,
    accessLogs: { enabled: true, prefix: "entry" },
  });
  expect(balancer.idleTimeout).toBeGreaterThanOrEqual(330);
  expect(seoul.one("TargetGroup", "aws-entry").deregistrationDelay).toBeGreaterThanOrEqual(330);
});

test("a public entry stands behind a web application firewall whose log holds nobody's key; an internal one has no address", () => {
  expect(seoul.one("WebAclAssociation", "aws-entry").resourceArn).toContain("aws-entry");
  const { rules, scope } = seoul.one("WebAcl", "aws-entry");
  expect(scope).toBe("REGIONAL");
  expect(rules.map(({ name }: { name: string }) => name)).toEqual([
    "floods",
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesCommonRuleSet",
    "AWSManagedRulesKnownBadInputsRuleSet",
  ]);
  expect(seoul.one("WebAclLoggingConfiguration", "aws-entry").redactedFields).toContainEqual({
    singleHeader: { name: "authorization" },
  });
  expect([china.of("WebAcl").length, china.one("LoadBalancer", "aws-entry").internal]).toEqual([0, true]);
});

test("pods of the front door are bound to the entry by their Service, and it is reached from the entry's subnets alone", () => {
  expect(seoul.one("TargetGroupBinding", "aws-entry").spec).toMatchObject({
    serviceRef: { name: "front-door", port: 18789 },
    targetType: "ip",
  });
  const { type, peers } = seoul.platform.entry;
  expect(type).toBe("ClusterIP");
  expect(peers).toEqual(zonesOf(DEMAND).map(({ entry }) => ({ ipBlock: { cidr: entry } })));
});

test("an environment without a host is refused: its certificate could be for nobody", async () => {
  const entry = { exposure: "internal", host: undefined, allowedCidrs: [] } as const;
  await expect(recorded({ entry })).rejects.toThrow("[placement/certificate-host] network.host: got nothing");
});

test("images lie in the environment's own registry: their tags never move, each is scanned, all by the customer's key", () => {
  const repositories = seoul.of("Repository");
  expect(repositories.map(({ inputs }) => inputs.name)).toContain("acme-aws/front-door");
  expect(repositories).toHaveLength(8);
  for (const { inputs } of [...repositories, ...china.of("Repository")]) {
    expect(inputs).toMatchObject({
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: expect.stringContaining("aws-keys-registry") }],
      forceDelete: false,
    });
  }
});

test("clearing up takes build caches and what has no tag, never an image that a pod may name", () => {
  const { rules } = JSON.parse(seoul.one("LifecyclePolicy", "aws-registry-cell").policy);
  const selections = rules.map(({ selection }: { selection: { tagStatus: string; tagPrefixList?: string[] } }) => [
    selection.tagStatus,
    selection.tagPrefixList,
  ]);
  expect(selections).toEqual([
    ["tagged", ["cache-"]],
    ["untagged", undefined],
  ]);
});

test("China, which copies no public image by itself, has repositories for what controllers need", () => {
  expect(china.of("PullThroughCacheRule")).toEqual([]);
  expect(china.of("Repository").map(({ inputs }) => inputs.name)).toEqual(
    expect.arrayContaining([
      "acme-aws-cn-mirror-k8s/autoscaling/cluster-autoscaler",
      "acme-aws-cn-mirror-quay/kata-containers/kata-deploy",
      "acme-aws-cn-mirror-docker/grafana/grafana",
    ]),
  );
  expect(seoul.of("PullThroughCacheRule").map(({ inputs }) => inputs.upstreamRegistryUrl)).toEqual([
    "registry.k8s.io",
    "quay.io",
    "registry-1.docker.io",
  ]);
});

test("the login at Docker Hub is a secret that its owner fills: no value of it is planned", () => {
  const login = seoul.one("Secret", "aws-registry-docker");
  expect(login.name).toBe("ecr-pullthroughcache/acme-aws");
  expect(seoul.of("SecretVersion")).toEqual([]);
  expect(seoul.one("PullThroughCacheRule", "aws-registry-docker").credentialArn).toContain("aws-registry-docker");
});

test("the partition is the region's", () => {
  expect(partitionOf("cn-north-1")).toEqual({ arn: "aws-cn", dnsSuffix: "amazonaws.com.cn" });
  expect(partitionOf("us-east-1")).toEqual({ arn: "aws", dnsSuffix: "amazonaws.com" });
  for (const [name, { partition, jurisdiction }] of Object.entries(awsOffer.regions)) {
    expect([name, partition === "aws-cn"]).toEqual([name, jurisdiction === "cn"]);
    expect(addonRegistry(name)).toMatch(new RegExp(`^\\d{12}\\.dkr\\.ecr\\.${name}\\.amazonaws\\.com(\\.cn)?$`));
  }
});

test("machines are in order of their price, with the page it was read on", () => {
  for (const sold of ["USD", "CNY"]) {
    const prices = awsOffer.machines
      .filter(({ source }) => source.includes(sold))
      .map(({ source }) => Number(source.split(" ")[0]));
    expect(prices.length).toBeGreaterThan(10);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
  }
  expect(new Set(awsOffer.machines.map(({ name }) => name)).size).toBe(awsOffer.machines.length);
});

test("every name of a long environment keeps to its limit", () => {
  const long = contextOf({ ...DEMAND, environment: "an-environment-of-a-company-with-a-very-long-name-indeed" });
  for (const [kind, { maxLength }] of Object.entries(LIMITS)) {
    expect(named(long, kind as keyof typeof LIMITS, "front-door-ap-northeast-2").length).toBeLessThanOrEqual(maxLength);
  }
});

test("everything that takes tags says whose it is", () => {
  const untagged = seoul.all.filter(
    ({ type, inputs }) =>
      type.startsWith("aws:") && "tags" in inputs && inputs.tags["breakwater:environment"] !== "acme-aws",
  );
  expect(untagged.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
  const tagged = seoul.all.filter(({ inputs }) => inputs.tags?.["breakwater:owner"] === "platform");
  expect(tagged.length).toBeGreaterThan(100);
});
