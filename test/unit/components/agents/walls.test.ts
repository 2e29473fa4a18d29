import fc from "fast-check";
import { expect, test } from "vitest";
import { tenantEntries, withOutsideModel, withTenants } from "../../../support/environments.ts";
import { localSections, metadataOf, ofKind, type PlannedResource, recordPlan } from "../../../support/plan.ts";
import { CELLS, contains, DNS, podsOf, reachesAddress, tcp, wallAt, wallsOf } from "../../../support/walls.ts";

const local = await recordPlan(localSections());
const outside = await recordPlan(withOutsideModel("https://models.example.com/v1"));
const IDS = ["marketing", "engineering", "customer-service"];

const CLOSED = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const RESTRICTED = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": "v1.34",
  "pod-security.kubernetes.io/warn": "restricted",
  "pod-security.kubernetes.io/audit": "restricted",
};

function expectClosedNamespaces(plan: readonly PlannedResource[]): void {
  for (const namespace of ofKind(plan, "Namespace")) {
    const { name, labels } = metadataOf(namespace);
    expect([name, labels]).toEqual([name, expect.objectContaining(RESTRICTED)]);
    expect([name, wallsOf(plan, name)["default-deny"]]).toEqual([name, CLOSED]);
  }
}

/** What may be said to a tenant's two parts, and by them. */
function expectTenantWalls(plan: readonly PlannedResource[], id: string): void {
  const namespace = `tenant-${id}`;
  const walls = wallsOf(plan, namespace);
  expect(Object.keys(walls).sort()).toEqual(["cell", "default-deny", "sandbox"]);
  expect(walls["cell"]).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "cell", "breakwater.dev/tenant": id } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [podsOf("breakwater", "front-door")], ports: tcp(18789) },
      { from: [podsOf("breakwater", "front-door")], ports: tcp(18790) },
    ],
    egress: [
      { to: [podsOf("breakwater", "router")], ports: tcp(8080) },
      { to: [podsOf(namespace, "sandbox", id)], ports: tcp(2222) },
      DNS,
    ],
  });
  expect(walls["sandbox"]).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "sandbox", "breakwater.dev/tenant": id } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [podsOf(namespace, "cell", id)], ports: tcp(2222) }],
    egress: [],
  });
}

test("every namespace refuses pods that are not restricted and is closed in both directions", () => {
  expect(ofKind(local, "Namespace")).toHaveLength(4);
  expectClosedNamespaces(local);
});

/** Kinds of the whole cluster. */
const WITHOUT_NAMESPACE = /:(Namespace|ValidatingAdmissionPolicy(Binding)?)$/;

test("no object lies in a namespace that the plan does not close", () => {
  const closed = ofKind(local, "Namespace").map((namespace) => metadataOf(namespace).name);
  const homes = local
    .filter(({ custom, type }) => custom && !WITHOUT_NAMESPACE.test(type))
    .map(({ inputs }) => (inputs["metadata"] as { namespace?: string } | undefined)?.namespace ?? inputs["namespace"]);
  expect([...new Set(homes)].sort()).toEqual([...closed].sort());
});

test.each(IDS)("%s: its cell reaches router, own sandbox and DNS; its sandbox reaches nothing", (id) => {
  expectTenantWalls(local, id);
});

test("tenants of any id are walled off in the same way", async () => {
  await fc.assert(
    fc.asyncProperty(tenantEntries, async (tenants) => {
      const plan = await recordPlan(withTenants(tenants));
      expectClosedNamespaces(plan);
      for (const { id } of tenants) expectTenantWalls(plan, id);
    }),
    { numRuns: 10 },
  );
}, 60_000);

test("the front door is reached from the node only, and reaches cells, their agents, the database and DNS", () => {
  expect(wallAt(local, "breakwater", "front-door")).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "front-door" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: [{ ipBlock: { cidr: "10.244.0.1/32" } }, { ipBlock: { cidr: "10.200.0.0/24" } }], ports: tcp(18789) },
    ],
    egress: [
      { to: [CELLS], ports: tcp(18789) },
      { to: [CELLS], ports: tcp(18790) },
      { to: [podsOf("breakwater", "postgres")], ports: tcp(5432) },
      DNS,
    ],
  });
});

test("without an outside model the router is reached from cells and reaches the database, the echo model and DNS", () => {
  expect(wallAt(local, "breakwater", "router")).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "router" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [CELLS], ports: tcp(8080) }],
    egress: [
      { to: [podsOf("breakwater", "postgres")], ports: tcp(5432) },
      DNS,
      { to: [podsOf("breakwater", "echo-model")], ports: tcp(8080) },
    ],
  });
});

test("the database is reached from front door and model router and reaches nothing", () => {
  expect(wallAt(local, "breakwater", "postgres")).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "postgres" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [podsOf("breakwater", "front-door"), podsOf("breakwater", "router")], ports: tcp(5432) }],
    egress: [],
  });
});

/** Part of the product -> who may open a connection to which of its ports. Whatever is not here is closed. */
const MAY_REACH: Readonly<Record<string, readonly string[]>> = {
  "front-door": ["node:18789"],
  router: ["cell:8080"],
  postgres: ["front-door:5432", "router:5432"],
  "echo-model": ["router:8080"],
  cell: ["front-door:18789", "front-door:18790"],
  sandbox: ["cell:2222"],
};

test("no port of any part is open to anybody but those named here", () => {
  const part = (selector: unknown) =>
    (selector as { matchLabels?: Readonly<Record<string, string>> } | undefined)?.matchLabels?.[
      "app.kubernetes.io/component"
    ];
  const found: Record<string, string[]> = {};
  for (const namespace of ["breakwater", "tenant-marketing"]) {
    for (const [name, { ingress = [] }] of Object.entries(wallsOf(local, namespace))) {
      if (name === "default-deny") continue;
      const open = ingress.flatMap(({ from = [], ports = [] }) =>
        from.flatMap(({ podSelector }) => ports.map(({ port }) => `${part(podSelector) ?? "node"}:${port}`)),
      );
      found[name] = [...new Set(open)].sort();
    }
  }
  expect(found).toEqual(MAY_REACH);
});

test("ports of probes and metrics are open to no pod", () => {
  const ports = ofKind(local, "NetworkPolicy").flatMap((policy) => {
    const { name, namespace = "" } = metadataOf(policy);
    if (name !== "front-door" && name !== "router") return [];
    return (wallAt(local, namespace, name).ingress ?? []).flatMap((rule) => (rule.ports ?? []).map(({ port }) => port));
  });
  expect([...ports].sort((a, b) => a - b)).toEqual([8080, 18_789]);
});

test("the echo model is reached from the router and reaches nothing", () => {
  expect(wallAt(local, "breakwater", "echo-model")).toEqual({
    podSelector: { matchLabels: { "app.kubernetes.io/component": "echo-model" } },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [podsOf("breakwater", "router")], ports: tcp(8080) }],
    egress: [],
  });
});

test("the shared namespace has a policy for each of its parts and no other", () => {
  expect(Object.keys(wallsOf(local, "breakwater")).sort()).toEqual([
    "default-deny",
    "echo-model",
    "front-door",
    "postgres",
    "router",
  ]);
});

test("the router's way outside is the model's port, and never the cluster or the metadata service", () => {
  const { egress = [] } = wallAt(outside, "breakwater", "router");
  expect(egress).toEqual([
    { to: [podsOf("breakwater", "postgres")], ports: tcp(5432) },
    DNS,
    { to: [podsOf("breakwater", "echo-model")], ports: tcp(8080) },
    {
      to: [
        {
          ipBlock: { cidr: "0.0.0.0/0", except: ["10.200.0.0/24", "10.244.0.0/16", "10.96.0.0/16", "169.254.0.0/16"] },
        },
      ],
      ports: tcp(443),
    },
  ]);
  expect(reachesAddress(egress, "1.1.1.1")).toBe(true);
  for (const inside of ["169.254.169.254", "10.96.0.1", "10.244.0.17", "10.200.0.1"]) {
    expect([inside, reachesAddress(egress, inside)]).toEqual([inside, false]);
  }
});

test("only the router has a way outside the cluster", () => {
  const leaving = ofKind(outside, "NetworkPolicy").filter((policy) => {
    const { egress = [] } = wallAt(outside, metadataOf(policy).namespace ?? "", metadataOf(policy).name);
    return egress.some(({ to = [] }) => to.length === 0 || to.some(({ ipBlock }) => ipBlock !== undefined));
  });
  expect(leaving.map((policy) => metadataOf(policy).name)).toEqual(["router"]);
});

test("where audit records are shipped, both services have a way to that port, past the cluster's own addresses", async () => {
  const exports = [{ kind: "syslog", name: "log", host: "log.example.com", port: 6514, transport: "tls" }];
  const plan = await recordPlan({ ...localSections(), audit: { exports } });
  for (const name of ["front-door", "router"]) {
    const { egress = [] } = wallAt(plan, "breakwater", name);
    expect([name, egress.at(-1)?.ports]).toEqual([name, tcp(6514)]);
    expect([name, reachesAddress(egress, "10.244.0.17"), reachesAddress(egress, "203.0.113.9")]).toEqual([
      name,
      false,
      true,
    ]);
  }
});

test.each([
  ["https://models.example.com/v1", 443],
  ["http://models.example.com/v1", 80],
  ["https://models.example.com:8443/v1", 8443],
])("a model at %s opens port %i", async (url, port) => {
  const plan = await recordPlan(withOutsideModel(url));
  const { egress = [] } = wallAt(plan, "breakwater", "router");
  expect(egress.at(-1)?.ports).toEqual(tcp(port));
});

test("an address block contains its addresses and no neighbour (the reader of these tests)", () => {
  expect(contains("169.254.0.0/16", "169.254.169.254")).toBe(true);
  expect(contains("169.254.0.0/16", "169.255.0.1")).toBe(false);
  expect(contains("10.244.0.1/32", "10.244.0.2")).toBe(false);
  expect(contains("0.0.0.0/0", "255.255.255.255")).toBe(true);
});

test("walls stand before the pods that they hold", () => {
  for (const pods of local.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))) {
    const { name, namespace = "" } = metadataOf(pods);
    const walls = ofKind(local, "NetworkPolicy").filter((wall) => metadataOf(wall).namespace === namespace);
    const own = walls.find((wall) => metadataOf(wall).name === name);
    expect(pods.dependencies).toContain(own?.urn);
    const closed = walls.find((wall) => metadataOf(wall).name === "default-deny");
    const holder = local.find(({ urn }) => urn === pods.parent);
    expect([name, holder?.dependencies]).toEqual([name, expect.arrayContaining([closed?.urn])]);
  }
});
