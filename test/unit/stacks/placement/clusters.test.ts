import { describe, expect, test } from "vitest";
import { problemsOf } from "../../../../stacks/placement/index.ts";
import { placeWith, refusalsOf } from "../../../support/places.ts";

const existing = {
  registry: "registry.company.com:5000",
  charts: "https://charts.company.com",
  pod_cidr: "10.244.0.0/16",
  service_cidr: "10.96.0.0/16",
  api_cidr: "10.1.0.10/32",
  load_balancer_cidr: "10.1.0.64/27",
  storage_class: "block",
  shared_storage_class: "nfs",
};
const company = { host: "agents.company.com", company_cidrs: ["10.1.0.0/16"] };

/** Architecture B on the company's own cluster, which sells nothing. */
const onDgx = (sections: Readonly<Record<string, object>> = {}) => ({
  sections: {
    deployment: { architecture: "B", topology: "dgx", region: "seoul" },
    network: company,
    kubernetes: { existing },
    ...sections,
  },
  place: { offer: undefined, region: undefined },
});

test("topology dgx with a cluster whose ranges do not meet is taken", () => {
  expect(problemsOf(placeWith(onDgx()))).toEqual([]);
});

test("topology dgx without a cluster is refused", () => {
  expect(refusalsOf(onDgx({ kubernetes: {} }))).toEqual(["placement/no-cluster kubernetes.existing"]);
});

test("a cluster that is there is refused on a topology that makes its own", () => {
  expect(refusalsOf({ sections: { kubernetes: { existing } } })).toEqual([
    "placement/existing-cluster kubernetes.existing",
  ]);
});

describe("ranges of the cluster that meet are refused:", () => {
  test.each([
    ["pods and Services", { pod_cidr: "10.96.0.0/12" }, ["kubernetes.existing.pod_cidr"]],
    ["Services and the company's", { service_cidr: "10.1.128.0/17" }, ["kubernetes.existing.service_cidr"]],
    [
      "pods and the addresses of the load balancer",
      { load_balancer_cidr: "10.244.1.0/24" },
      ["kubernetes.existing.pod_cidr"],
    ],
    ["Services and the API server", { api_cidr: "10.96.0.1/32" }, ["kubernetes.existing.service_cidr"]],
  ])("%s", (_which, change, paths) => {
    expect(refusalsOf(onDgx({ kubernetes: { existing: { ...existing, ...change } } }))).toEqual(
      paths.map((path) => `placement/address-overlap ${path}`),
    );
  });
});

test("a range for pods that does not hold them twice, as a roll-out needs, is refused with the size that does", () => {
  const change = { kubernetes: { existing: { ...existing, pod_cidr: "10.244.0.0/27" } } };
  // 33 of the platform, 3 cells, 3 sandboxes, 4 servers and one more.
  expect(problemsOf(placeWith(onDgx(change)))).toMatchObject([
    { code: "placement/pod-addresses", path: "kubernetes.existing.pod_cidr", expected: "88 addresses, /25 or larger" },
  ]);
});

test("a registry and charts outside the company are refused under B", () => {
  const change = {
    kubernetes: { existing: { ...existing, registry: "ghcr.io/company", charts: "oci://ghcr.io/charts" } },
  };
  expect(refusalsOf(onDgx(change))).toEqual([
    "placement/leaves-company kubernetes.existing.registry",
    "placement/leaves-company kubernetes.existing.charts",
  ]);
});

test("a mirror of monitoring's charts outside the company is refused under B", () => {
  const change = { kubernetes: { existing }, monitoring: { charts: "https://charts.example.org" } };
  expect(refusalsOf(onDgx(change))).toContain("placement/leaves-company monitoring.charts");
});

test("an entry that needs a certificate is refused without a name", () => {
  expect(refusalsOf({ sections: { network: { host: undefined } } })).toEqual([
    "placement/certificate-host network.host",
  ]);
  expect(
    refusalsOf({
      sections: { deployment: { topology: "local", region: "local" }, network: { host: undefined } },
      place: { offer: undefined },
    }),
  ).toEqual([]);
});

test("an address of the internet is refused under B and on the company's own machines", () => {
  const open = { network: { ...company, exposure: "public" } };
  expect(refusalsOf(onDgx(open))).toEqual(["placement/public-entry network.exposure"]);
  expect(
    refusalsOf({
      sections: {
        deployment: { architecture: "B", topology: "alibaba", private_region: true, region: "east-1" },
        network: { ...open.network },
      },
    }),
  ).toEqual(["placement/public-entry network.exposure"]);
  expect(refusalsOf({ sections: { network: { exposure: "public" } } })).toEqual([]);
});

describe("the vault", () => {
  test.each([
    [2, 3],
    [4, 5],
    [6, 5],
    [7, 5],
  ])("of %i servers is refused with %i, an odd number that has a node each", (replicas, valid) => {
    expect(problemsOf(placeWith({ sections: { vault: { replicas } } }))).toMatchObject([
      { code: "placement/vault-replicas", path: "vault.replicas", remedy: `write ${valid}` },
    ]);
  });

  test.each([1, 3, 5])("of %i servers is taken", (replicas) => {
    expect(refusalsOf({ sections: { vault: { replicas } } })).toEqual([]);
  });

  test("is not opened by a cloud's key service where there is no cloud", () => {
    expect(refusalsOf(onDgx({ vault: { unseal: "kms" } }))).toEqual(["placement/vault-unseal vault.unseal"]);
  });

  test("has the other vault's address if and only if that one opens it", () => {
    const transit_address = "https://vault.company.com";
    expect(refusalsOf({ sections: { vault: { unseal: "transit" } } })).toEqual([
      "placement/vault-unseal vault.transit_address",
    ]);
    expect(refusalsOf({ sections: { vault: { transit_address } } })).toEqual([
      "placement/vault-unseal vault.transit_address",
    ]);
    expect(refusalsOf({ sections: { vault: { unseal: "transit", transit_address } } })).toEqual([]);
  });
});
