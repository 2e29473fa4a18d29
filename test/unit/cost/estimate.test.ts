import fc from "fast-check";
import { expect, test } from "vitest";
import { estimateOf } from "../../../cost/estimate.ts";
import { sumOf } from "../../../cost/money.ts";
import { bookOf, planned, settingsOf, UNKNOWN } from "./fixture.ts";

const DAY = "2026-11-24";
const settings = settingsOf("acme-aws");
const [tenant] = settings.multi_tenant.tenants;
const ids = settings.multi_tenant.tenants.map(({ id }) => id);
const declaring = (requests: Readonly<Record<string, number>>) => ({
  ...settings,
  cost: { ...settings.cost, requests_monthly: requests },
});

const book = bookOf([
  ["aws", "ap-northeast-2", "m7i.xlarge", "compute", "hour", 0.25, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "g6.xlarge", "gpu", "hour", 1, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "ebs.gp3", "storage", "GB-month", 0.1, "USD", "high", "2026-07-20"],
  ["aws", "ap-northeast-2", "eks.cluster", "kubernetes", "hour", 0.1, "USD", "high", "2025-01-01"],
  ["aws", "ap-northeast-2", "kms.cmk", "security", "key-month", 1, "USD", "high", null],
  ["aws", "ap-northeast-2", "route53.zone", "dns", "zone-month", 7.1, "CNY", "low", "2026-07-20"],
  ["aws", "ap-northeast-2", "secretsmanager.secret", "security", "secret-month", null, "USD", "low", null],
]);

function group(role: string, machine: string, min: number, desired: number, max: number) {
  const template = planned("aws:ec2/launchTemplate:LaunchTemplate", {
    blockDeviceMappings: [4, 96].map((volumeSize) => ({ ebs: { volumeSize, volumeType: "gp3" } })),
  });
  const nodes = planned(
    "aws:eks/nodeGroup:NodeGroup",
    {
      instanceTypes: [machine],
      labels: { "breakwater.dev/pool": role },
      scalingConfig: { minSize: min, desiredSize: desired, maxSize: max },
    },
    { dependencies: [template.urn] },
  );
  return [template, nodes];
}

function linesOf(resources: Parameters<typeof estimateOf>[0], options: Partial<Parameters<typeof estimateOf>[2]> = {}) {
  const estimate = estimateOf(resources, settings, { day: DAY, book, ...options });
  return { ...estimate, lines: estimate.lines.filter(({ category }) => category !== "tokens") };
}

test("a node pool costs its minimum, what it begins with, and its maximum, each node with its disks", () => {
  const { lines } = linesOf(group("agents", "m7i.xlarge", 1, 2, 3));
  expect(lines.map(({ what, microUsd }) => ({ what, ...microUsd }))).toEqual([
    { what: "m7i.xlarge nodes, pool agents", low: 182_500_000, expected: 365_000_000, high: 547_500_000 },
    { what: "disks of nodes, pool agents", low: 10_000_000, expected: 20_000_000, high: 30_000_000 },
  ]);
});

test("GPU nodes cost the hours of declared use, and all hours as a printed assumption where none is declared", () => {
  const [line] = linesOf(group("gpu", "g6.xlarge", 0, 0, 2), { gpuHours: 200 }).lines;
  expect(line?.microUsd).toEqual({ low: 0, expected: 400_000_000, high: 1_460_000_000 });
  const undeclared = linesOf(group("gpu", "g6.xlarge", 0, 0, 2));
  expect(undeclared.lines[0]?.microUsd.expected).toBe(1_460_000_000);
  expect(undeclared.assumptions.some((line) => line.includes("hours in which nodes with GPUs run"))).toBe(true);
});

test("what has no price is a line of its own and in no sum", () => {
  const { lines, unpriced } = linesOf([
    planned("aws:eks/cluster:Cluster", { upgradePolicy: { supportType: "STANDARD" } }),
    planned("aws:secretsmanager/secret:Secret"),
    planned("aws:rds/instance:Instance", { instanceClass: "db.x", multiAz: true, allocatedStorage: 10 }),
    planned("aws:new/thing:Thing"),
    planned("gcp:new/thing:Thing"),
  ]);
  expect(lines.map(({ microUsd }) => microUsd.expected)).toEqual([73_000_000]);
  expect(unpriced.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
    "aws:secretsmanager/secret:Secret the price book knows secretsmanager.secret, and has no figure for it",
    "aws:rds/instance:Instance the price book has no rds.postgres.db.x in ap-northeast-2",
    "aws:rds/instance:Instance the price book has no rds.gp3.multi-az in ap-northeast-2",
    "aws:new/thing:Thing no meter knows aws:new/thing:Thing",
    "gcp:new/thing:Thing no meter knows gcp:new/thing:Thing",
  ]);
});

test("a size that only an update knows is unpriced and says so", () => {
  const [, nodes] = group("agents", "m7i.xlarge", 1, 2, 3);
  const { lines, unpriced } = linesOf([planned(nodes?.type ?? "", { ...nodes?.inputs, scalingConfig: UNKNOWN })]);
  expect(lines).toEqual([]);
  expect(unpriced[0]?.reason).toBe("its scalingConfig.minSize is known only after an update");
});

test("zones that only an update knows are assumed to be three, and the assumption is printed", () => {
  const withEndpoints = bookOf([
    ["aws", "ap-northeast-2", "vpc-endpoint.interface", "network", "hour", 0.01, "USD", "high", DAY],
  ]);
  const endpoint = planned("aws:ec2/vpcEndpoint:VpcEndpoint", {
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.ap-northeast-2.sts",
    subnetIds: UNKNOWN,
  });
  const { lines, assumptions } = linesOf([endpoint], { book: withEndpoints });
  expect(lines[0]?.microUsd.expected).toBe(21_900_000);
  expect(assumptions.join()).toContain("three zones, because they are known only after an update");
});

test("a price in CNY needs a rate; without one it is unpriced", () => {
  const zone = [planned("aws:route53/zone:Zone")];
  expect(linesOf(zone).unpriced[0]?.reason).toBe(
    "its price is 7.1 CNY a zone-month, and no rate is given: --rate CNY=N",
  );
  expect(linesOf(zone, { rates: { CNY: 7_100_000 } }).lines[0]?.microUsd.expected).toBe(1_000_000);
});

test("old, undated and doubtful prices warn, a price of today does not", () => {
  const { warnings } = linesOf([
    planned("aws:eks/cluster:Cluster", { upgradePolicy: { supportType: "STANDARD" } }),
    planned("aws:kms/key:Key"),
  ]);
  expect(warnings).toEqual([
    "1 line of prices older than 180 days, the oldest of 2025-01-01: refresh the price book",
    "1 line of prices whose source has no day",
  ]);
  expect(linesOf(group("agents", "m7i.xlarge", 1, 1, 1)).warnings).toEqual([]);
});

test("a tenant's volumes are its own, the rest is shared by the requests that are given, else equally", () => {
  const storage = planned("kubernetes:storage.k8s.io/v1:StorageClass", {
    metadata: { name: "disk" },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3" },
  });
  const cell = planned("kubernetes:apps/v1:StatefulSet", {
    metadata: { namespace: `tenant-${tenant?.id}` },
    spec: {
      replicas: 1,
      volumeClaimTemplates: [{ spec: { storageClassName: "disk", resources: { requests: { storage: "20Gi" } } } }],
    },
  });
  const keys = [planned("aws:kms/key:Key"), planned("aws:kms/key:Key")];
  const equal = estimateOf([storage, cell, ...keys], settings, { day: DAY, book, people: 3 });
  expect(equal.tenants.map(({ sharedMicroUsd }) => sharedMicroUsd.expected)).toEqual([666_667, 666_667, 666_666]);
  expect(equal.lines.find(({ what }) => what === "volumes")).toMatchObject({
    tenant: tenant?.id,
    microUsd: { expected: 2_000_000 },
  });
  const [a, b, c] = ids;
  const measured = { [a ?? ""]: 300, [b ?? ""]: 100, [c ?? ""]: 0 };
  const byUse = estimateOf([storage, cell, ...keys], declaring(measured), { day: DAY, book, people: 3 });
  expect(byUse.split).toBe("by the requests of each tenant");
  expect(byUse.tenants.map(({ sharedMicroUsd }) => sharedMicroUsd.expected)).toEqual([1_500_000, 500_000, 0]);
});

test("whatever is planned, the total is the sum of its lines and of its tenants, to the micro", () => {
  const machine = fc.constantFrom("m7i.xlarge", "g6.xlarge", "unknown");
  const pool = fc.tuple(fc.constantFrom("agents", "gpu", "sandbox"), machine, fc.nat(5), fc.nat(5), fc.nat(5));
  const requests = fc.option(fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.array(pool, { maxLength: 6 }),
      fc.nat(4),
      fc.integer({ min: 1, max: 5000 }),
      requests,
      (pools, keys, people, given) => {
        const resources = [
          ...pools.flatMap(([role, type, min, more, most]) => group(role, type, min, min + more, min + more + most)),
          ...Array.from({ length: keys }, () => planned("aws:kms/key:Key")),
        ];
        const own = declaring(Object.fromEntries(given === undefined ? [] : ids.map((id, at) => [id, given[at] ?? 0])));
        const estimate = estimateOf(resources, own, { day: DAY, book, people });
        const { total, lines, tenants, byCategory } = estimate;
        expect(sumOf(lines.map(({ microUsd }) => microUsd))).toEqual(total);
        expect(sumOf(tenants.map(({ totalMicroUsd }) => totalMicroUsd))).toEqual(total);
        expect(sumOf(Object.values(byCategory))).toEqual(total);
        for (const { microUsd } of lines) {
          expect(Object.values(microUsd).every(Number.isSafeInteger)).toBe(true);
          expect(microUsd.low).toBeLessThanOrEqual(microUsd.expected);
          expect(microUsd.expected).toBeLessThanOrEqual(microUsd.high);
        }
      },
    ),
    { numRuns: 50 },
  );
});
