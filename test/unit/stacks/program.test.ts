import fc from "fast-check";
import { expect, test } from "vitest";
import {
  LONGEST_ID,
  plainTenant,
  shuffled,
  tenantEntries,
  tenantEntry,
  withOutsideModel,
  withTenants,
} from "../../support/environments.ts";
import {
  localSections,
  metadataOf,
  type PlannedResource,
  recordPlan,
  type Sections,
  texts,
  unordered,
} from "../../support/plan.ts";

const local = await recordPlan(localSections());

/** What the program is refused for. */
async function refusalOf(sections: Sections): Promise<string> {
  return recordPlan(sections).then(
    () => "no refusal",
    (error: Error) => error.message,
  );
}

function byUrn(plan: readonly PlannedResource[]): ReadonlyMap<string, PlannedResource> {
  return new Map(unordered(plan).map((resource) => [resource.urn, resource]));
}

/** Everything of a tenant says so by its namespace; the shared parts list the tenants and so must change. */
function isOfATenant({ urn }: PlannedResource): boolean {
  return urn.includes("breakwater:agents:Tenant$");
}

test("the same settings with the keys in another order give the same plan", async () => {
  const expected = unordered(local);
  await fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      expect(unordered(await recordPlan(shuffled(localSections(), seed) as Sections))).toEqual(expected);
    }),
    { numRuns: 5 },
  );
}, 60_000);

test("adding a tenant changes nothing of those that exist", async () => {
  await fc.assert(
    fc.asyncProperty(tenantEntries, tenantEntry, async (tenants, added) => {
      fc.pre(tenants.every(({ id }) => id !== added.id));
      const before = await recordPlan(withTenants(tenants));
      const after = byUrn(await recordPlan(withTenants([...tenants, added])));
      for (const resource of unordered(before).filter(isOfATenant)) {
        expect(after.get(resource.urn)).toEqual(resource);
      }
      // Nothing of what existed is replaced or gone, whichever part it belongs to.
      expect(before.filter(({ urn }) => !after.has(urn))).toEqual([]);
    }),
    { numRuns: 8 },
  );
}, 60_000);

test("adding a tenant to the shared parts changes only what lists tenants", async () => {
  const sections = localSections() as { multi_tenant: { tenants: unknown[] } } & Record<string, unknown>;
  sections.multi_tenant.tenants.push(plainTenant("sales"));
  const after = byUrn(await recordPlan(sections));
  const changed = unordered(local).filter(({ urn, inputs }) => {
    return JSON.stringify(after.get(urn)?.inputs) !== JSON.stringify(inputs);
  });
  expect(changed.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort()).toEqual([
    "ConfigMap front-door",
    "ConfigMap router",
    "SecretFiles front-door",
    "StatefulSet front-door",
    "StatefulSet router",
  ]);
});

test("two resources never share an identity or a name in the cluster, whatever the tenants are called", async () => {
  const nasty = [
    "a",
    "a-cell",
    "a-sandbox",
    "cell",
    "sandbox",
    "router",
    "front-door",
    "echo-model",
    "breakwater",
    "agents",
  ];
  const plan = await recordPlan(withTenants(nasty.map(plainTenant)));
  expect(new Set(plan.map(({ urn }) => urn)).size).toBe(plan.length);
  const places = plan
    .filter(({ custom }) => custom)
    .map((resource) => {
      const { type, inputs } = resource;
      const { name, namespace } = metadataOf(resource) ?? (inputs as { name: string; namespace: string });
      return `${type.replace("breakwater:index:SecretFiles", "kubernetes:core/v1:Secret")} ${namespace ?? ""}/${name}`;
    });
  expect(new Set(places).size).toBe(places.length);
});

test("the longest tenant id still gives names and labels that Kubernetes takes", async () => {
  const id = "x".repeat(LONGEST_ID);
  const plan = await recordPlan(withTenants([plainTenant(id)]));
  const names = plan.flatMap((resource) => {
    const metadata = metadataOf(resource) as ReturnType<typeof metadataOf> | undefined;
    const own = metadata ?? (resource.inputs as { name?: string; namespace?: string });
    return [own.name, own.namespace, ...Object.values(metadata?.labels ?? {})].filter((name) => name !== undefined);
  });
  expect(names).toContain(`tenant-${id}`);
  expect(Math.max(...names.map((name) => name.length))).toBe(63);
});

test("one more letter is refused", async () => {
  expect(await refusalOf(withTenants([plainTenant("x".repeat(LONGEST_ID + 1))]))).toContain(
    "[settings/name-too-long] multi_tenant.tenants[0].id: ",
  );
});

test.each([
  ["aws", ["placement/region", "placement/certificate-host", "monitoring/no-mail-server"]],
  ["alibaba", ["placement/region", "placement/certificate-host", "monitoring/no-mail-server"]],
  ["tencent", ["placement/region", "placement/certificate-host", "monitoring/no-mail-server"]],
  ["dgx", ["placement/no-cluster", "placement/certificate-host", "monitoring/no-mail-server"]],
])(
  "the local environment moved to topology %s is refused with everything that the place lacks, at once",
  async (topology, codes) => {
    const sections = { ...localSections(), deployment: { ...(localSections()["deployment"] as object), topology } };
    const refusal = await refusalOf(sections);
    expect(refusal.split("\n").map((line) => line.slice(1, line.indexOf("]")))).toEqual(codes);
  },
);

test("isolation kata is refused on the local topology, which has no virtual machines", async () => {
  const sections = {
    ...localSections(),
    openshell: { ...(localSections()["openshell"] as object), isolation: "kata" },
  };
  expect(await refusalOf(sections)).toBe(
    "[placement/isolation] openshell.isolation: got kata; expected gvisor on the local topology; set it to gvisor, or choose a topology whose nodes run virtual machines",
  );
});

test("the engine waits for the workload behind a Service and not for the Service", () => {
  const services = local.filter(({ type }) => type.endsWith(":Service"));
  expect(services).toHaveLength(10);
  for (const service of services) {
    expect([service.urn, metadataOf(service).annotations]).toEqual([service.urn, { "pulumi.com/skipAwait": "true" }]);
  }
});

test("all problems of an environment are refused at once", async () => {
  const sections = {
    ...withTenants([{ ...plainTenant("a"), max_api_budget_monthly_usd: -1 }, plainTenant("a")]),
    surprise: 1,
  };
  const refusal = await refusalOf(sections);
  expect(
    refusal
      .split("\n")
      .map((line) => line.slice(0, line.indexOf("]") + 1))
      .sort(),
  ).toEqual(["[settings/duplicate-tenant]", "[settings/negative-budget]", "[settings/unknown-key]"]);
});

test("no input holds a placeholder, a key or a private key, whichever models are used", async () => {
  const secretShapes = [/\$\{/, /\bbw_[a-z0-9]{8}_/, /PRIVATE KEY/, /\bsk-[A-Za-z0-9]/, /ssh-ed25519 AAAA/];
  const script = "umask 077; mkdir -p /state/cell-agent; for f in /in/*; do";
  for (const plan of [local, await recordPlan(withOutsideModel("https://models.example.com/v1"))]) {
    for (const { urn, inputs } of plan) {
      const found = texts(inputs).filter(
        ({ text }) => !text.startsWith(script) && secretShapes.some((shape) => shape.test(text)),
      );
      expect([urn, found]).toEqual([urn, []]);
    }
  }
});

test("nothing in a ConfigMap is named like a secret except the paths of mounted files", async () => {
  const maps = local.filter(({ type }) => type.endsWith(":ConfigMap"));
  expect(maps).toHaveLength(5);
  for (const { urn, inputs } of maps) {
    for (const [file, content] of Object.entries(inputs["data"] as Record<string, string>)) {
      const secrets = texts(JSON.parse(content)).filter(
        ({ path, text }) =>
          /(token|api_?key|password|secret|identity)[a-z_]*$/i.test(path) &&
          text !== path.slice(path.lastIndexOf(".") + 1) &&
          !text.startsWith("/run/secrets/"),
      );
      expect([urn, file, secrets]).toEqual([urn, file, []]);
    }
  }
});

test("no environment makes a Kubernetes Secret by value", () => {
  expect(local.filter(({ type }) => type === "kubernetes:core/v1:Secret")).toEqual([]);
});
