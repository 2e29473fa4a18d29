import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { localRaw, localWith, refusals } from "../sample.ts";

/** The shipped environment names none of these sections. */
const { settings } = parseSettings(localRaw());

test("an environment that says nothing of its network, cluster, models and vault gets these", () => {
  expect(settings.network).toEqual({
    cidr: "10.64.0.0/16",
    company_cidrs: [],
    exposure: "internal",
    allowed_cidrs: [],
  });
  expect(settings.kubernetes).toEqual({ version: "1.34" });
  expect(settings.inference).toEqual({ models: [] });
  expect(settings.vault).toEqual({ replicas: 3, storage_gib: 10 });
  expect(settings.database).toEqual({ storage_gib: 5, backup_days: 35 });
  expect([settings.deployment.owner, settings.deployment.private_region]).toEqual(["platform", false]);
});

const digest = `@sha256:${"0".repeat(64)}`;
const model = {
  name: "nemotron",
  engine: "nim",
  model: "nvidia/nemotron-3-super-120b-a12b",
  precision: "fp8",
  gpu: "h100",
  image: `nvcr.io/nim/nvidia/a${digest}`,
};
const existing = {
  registry: "registry.company.com:5000/breakwater",
  charts: "oci://registry.company.com/charts",
  pod_cidr: "10.244.0.0/16",
  service_cidr: "10.96.0.0/16",
  api_cidr: "10.1.0.10/32",
  load_balancer_cidr: "10.1.0.64/27",
  storage_class: "block",
  shared_storage_class: "nfs",
};

test("what a company writes is taken as it is", () => {
  const raw = localRaw();
  const written = {
    network: {
      cidr: "10.9.0.0/18",
      zones: ["east-1a", "east-1b", "east-1c"],
      company_cidrs: ["10.1.0.0/16"],
      exposure: "public",
      host: "agents.company.com",
      allowed_cidrs: ["10.1.2.0/24"],
    },
    kubernetes: { version: "1.33", existing },
    vault: { replicas: 5, storage_gib: 20, unseal: "transit", transit_address: "https://vault.company.com" },
    database: { storage_gib: 100, high_availability: false, backup_days: 7 },
  };
  const { settings: parsed, corrections } = parseSettings({ ...raw, ...written, inference: { models: [model] } });
  expect(parsed).toMatchObject(written);
  expect(parsed.inference.models).toEqual([{ ...model, replicas: 1, source: "ngc" }]);
  expect(corrections).toEqual([]);
});

describe("is refused at its place:", () => {
  test.each([
    ["a range without its length", "network.cidr", "10.64.0.0", "settings/invalid-format network.cidr"],
    ["a range of IPv6", "network.cidr", "fd00::/16", "settings/invalid-format network.cidr"],
    [
      "a company range with a letter",
      "network.company_cidrs",
      ["10.0.0.0/8", "x"],
      "settings/invalid-format network.company_cidrs[1]",
    ],
    ["two zones", "network.zones", ["a", "b"], "settings/out-of-range network.zones"],
    ["an exposure that there is not", "network.exposure", "open", "settings/invalid-value network.exposure"],
    ["a host with a path", "network.host", "agents.company.com/x", "settings/invalid-format network.host"],
    ["a version with a patch", "kubernetes.version", "1.34.2", "settings/invalid-format kubernetes.version"],
    ["a version that YAML read as a number", "kubernetes.version", 1.34, "settings/wrong-type kubernetes.version"],
    [
      "an existing cluster without its ranges",
      "kubernetes.existing",
      { ...existing, pod_cidr: undefined },
      "settings/missing kubernetes.existing.pod_cidr",
    ],
    [
      "charts over http",
      "kubernetes.existing",
      { ...existing, charts: "http://charts.company.com" },
      "settings/invalid-format kubernetes.existing.charts",
    ],
    [
      "an image by tag",
      "inference.models",
      [{ ...model, image: "nvcr.io/a:1.0" }],
      "settings/invalid-format inference.models[0].image",
    ],
    [
      "a GPU that there is not",
      "inference.models",
      [{ ...model, gpu: "h1000" }],
      "settings/invalid-value inference.models[0].gpu",
    ],
    [
      "a precision that there is not",
      "inference.models",
      [{ ...model, precision: "int3" }],
      "settings/invalid-value inference.models[0].precision",
    ],
    [
      "a part of a GPU in other words",
      "inference.models",
      [{ ...model, mig_profile: "half" }],
      "settings/invalid-format inference.models[0].mig_profile",
    ],
    [
      "a name that no Service can have",
      "inference.models",
      [{ ...model, name: "Nemotron 3" }],
      "settings/invalid-format inference.models[0].name",
    ],
    ["17 GPUs", "inference.models", [{ ...model, gpus: 17 }], "settings/out-of-range inference.models[0].gpus"],
    ["no vault at all", "vault.replicas", 0, "settings/out-of-range vault.replicas"],
    ["an unseal that there is not", "vault.unseal", "auto", "settings/invalid-value vault.unseal"],
    [
      "another vault over http",
      "vault.transit_address",
      "http://vault.company.com",
      "settings/invalid-format vault.transit_address",
    ],
    ["backups for no day", "database.backup_days", 0, "settings/out-of-range database.backup_days"],
    ["nobody", "deployment.people", 0, "settings/out-of-range deployment.people"],
    ["half a person", "deployment.people", 2.5, "settings/wrong-type deployment.people"],
    ["an owner that no tag takes", "deployment.owner", "the platform team", "settings/invalid-format deployment.owner"],
    ["a setting that there is not", "vault.auto_unseal", true, "settings/unknown-key vault.auto_unseal"],
  ])("%s", (_what, path, value, refusal) => {
    expect(refusals(localWith(path, value))).toEqual([refusal]);
  });
});
