import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { demandOf, peopleOf } from "../../../stacks/demand.ts";
import { plainTenant } from "../../support/environments.ts";
import { cloudSettings } from "../../support/places.ts";

const key = "${KEY}";
const sized = (deployment: object, more: Readonly<Record<string, object>> = {}) =>
  cloudSettings({ deployment: { topology: "aws", region: "east-1", ...deployment }, ...more });
const demandFor = (deployment: object, more: Readonly<Record<string, object>> = {}) =>
  demandOf("acme-aws", sized(deployment, more));
const tenants = (count: number) => ({
  multi_tenant: { tenants: Array.from({ length: count }, (_, index) => plainTenant(`t${index}`)) },
});
const poolOf = (demand: ReturnType<typeof demandOf>, role: string) => {
  const pool = demand.pools.find((one) => one.role === role);
  if (pool === undefined) throw new Error(`no pool ${role}`);
  return pool;
};

test.each([
  ["small", 5],
  ["medium", 50],
  ["large", 500],
])("size %s is for %i people, and a number of people goes before it", (size, people) => {
  expect(peopleOf(sized({ size }))).toBe(people);
  expect(peopleOf(sized({ size, people: 77 }))).toBe(77);
});

test("more people never get smaller nodes or a smaller database", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (a, b) => {
      const [few, many] = [demandFor({ people: Math.min(a, b) }), demandFor({ people: Math.max(a, b) })];
      for (const role of ["system", "agents", "sandbox"]) {
        expect(poolOf(many, role).vcpus).toBeGreaterThanOrEqual(poolOf(few, role).vcpus);
        expect(poolOf(many, role).memoryGiB).toBeGreaterThanOrEqual(poolOf(few, role).memoryGiB);
      }
      expect(many.database.memoryGiB).toBeGreaterThanOrEqual(few.database.memoryGiB);
      expect(Number(many.database.highAvailability)).toBeGreaterThanOrEqual(Number(few.database.highAvailability));
    }),
    { numRuns: 40 },
  );
});

describe("the nodes that always run", () => {
  test("are two at least, so that one can be replaced, and may double", () => {
    for (const role of ["agents", "sandbox"]) {
      expect(poolOf(demandFor({ people: 5 }), role)).toMatchObject({ min: 2, max: 4 });
    }
  });

  test("are fewer and larger ones for more people with the same tenants", () => {
    expect(poolOf(demandFor({ people: 500 }), "agents").min).toBeLessThanOrEqual(
      poolOf(demandFor({ people: 5 }), "agents").min,
    );
  });

  test.each([
    ["memory", 5, { memory_mib: 8192 }, 20, 15],
    ["processors", 5, { cpu_request_millicores: 2000 }, 20, 17],
    ["volumes", 500, { memory_mib: 1536 }, 60, 5],
  ])("hold the cells by %s", (_what, people, cell, count, min) => {
    expect(poolOf(demandFor({ people }, { ...tenants(count), cell }), "agents").min).toBe(min);
  });

  test("grow with the tenants and never shrink", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 199 }), (count) => {
        for (const role of ["agents", "sandbox"]) {
          const fewer = poolOf(demandFor({ people: 50 }, tenants(count)), role);
          const more = poolOf(demandFor({ people: 50 }, tenants(count + 1)), role);
          expect(more.min).toBeGreaterThanOrEqual(fewer.min);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe("hosts that the platform may reach outside", () => {
  const own = { kind: "vllm", base_url: "http://models.company.com/v1", jurisdiction: "kr", internal: true };
  const sections = {
    model_providers: {
      openai: { kind: "openai", api_key: key },
      anthropic: { kind: "echo" },
      own,
    },
    audit: {
      exports: [
        { kind: "splunk", name: "a", url: "https://splunk.company.com:8088", token: key },
        { kind: "syslog", name: "b", host: "siem.company.com", port: 6514, transport: "tls" },
        { kind: "file", name: "c" },
      ],
    },
    multi_tenant: {
      tenants: [
        { ...plainTenant("a"), llm_config: { provider: "openai", model: "gpt-5.2", max_tokens_per_request: 100 } },
      ],
    },
  };

  test("are those of providers outside and of audit destinations, exactly, sorted", () => {
    expect(demandFor({}, sections).egressHosts).toEqual(["api.openai.com", "siem.company.com", "splunk.company.com"]);
  });

  test("are none under B", () => {
    const inB = { architecture: "B", topology: "alibaba", private_region: true };
    const without = { ...sections, model_providers: { openai: own, anthropic: { kind: "echo" } } };
    const withPrices = {
      ...without,
      multi_tenant: {
        tenants: [
          {
            ...plainTenant("a"),
            llm_config: { provider: "openai", model: "m", max_tokens_per_request: 100, allow_unpriced: true },
          },
        ],
      },
    };
    expect(demandFor(inB, withPrices).egressHosts).toEqual([]);
  });
});

test("the vault is opened by the cloud's key service, and on dgx by people, where nothing else is said", () => {
  expect(demandFor({}).vaultUnseal).toBe("kms");
  expect(demandFor({ topology: "dgx" }).vaultUnseal).toBe("shamir");
  expect(demandFor({}, { vault: { unseal: "shamir" } }).vaultUnseal).toBe("shamir");
});

test("every setting that a place has to know reaches it unchanged", () => {
  const demand = demandFor(
    { owner: "ops", data_class: "confidential" },
    {
      network: {
        host: "agents.company.com",
        cidr: "10.9.0.0/18",
        company_cidrs: ["10.1.0.0/16"],
        allowed_cidrs: ["10.1.2.0/24"],
        exposure: "public",
      },
      kubernetes: { version: "1.33" },
      openshell: { isolation: "kata" },
      database: { storage_gib: 77, backup_days: 14, high_availability: true },
      audit: { retention_days: 400 },
    },
  );
  expect(demand).toMatchObject({
    environment: "acme-aws",
    architecture: "A",
    region: "east-1",
    zones: undefined,
    owner: "ops",
    dataClass: "confidential",
    kubernetesVersion: "1.33",
    network: { cidr: "10.9.0.0/18", companyCidrs: ["10.1.0.0/16"] },
    entry: { exposure: "public", host: "agents.company.com", allowedCidrs: ["10.1.2.0/24"] },
    sandboxIsolation: "kata",
    database: { storageGiB: 77, backupDays: 14, highAvailability: true },
    auditRetentionDays: 400,
  });
});
