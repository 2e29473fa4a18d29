import { expect, test } from "vitest";
import { contextOf } from "../../../../components/alibaba/context.ts";
import { machineOf } from "../../../../components/alibaba/nodes.ts";
import { allOf, built, demand, inputsOf, planned } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);
const inside = demand("acme-alibaba-b");

function pool(found: Awaited<ReturnType<typeof built>>, name: string): Record<string, unknown> {
  return inputsOf(found, ":NodePool", `alibaba-nodes-${name}`);
}

function rights(found: Awaited<ReturnType<typeof built>>, name: string): unknown {
  const { policyDocument } = inputsOf(found, "ram/policy:Policy", `alibaba-nodes-${name}`) as {
    policyDocument: string;
  };
  return (JSON.parse(policyDocument) as { Statement: unknown }).Statement;
}

test("no node has an address of the internet, a password, or a key to log in with", async () => {
  for (const one of [...allOf(resources, ":NodePool"), ...allOf(await built(inside), ":NodePool")]) {
    for (const field of [
      "internetMaxBandwidthOut",
      "internetChargeType",
      "password",
      "kmsEncryptedPassword",
      "keyName",
    ]) {
      expect([one["nodePoolName"], field, one[field]]).toEqual([one["nodePoolName"], field, undefined]);
    }
    expect(one["scalingConfig"]).not.toHaveProperty("isBondEip");
  }
});

test("sandboxes have nodes of their own, where nothing else goes", () => {
  expect(pool(resources, "sandbox")).toMatchObject({
    labels: [{ key: "breakwater.dev/pool", value: "sandbox" }],
    taints: [{ key: "breakwater.dev/pool", value: "sandbox", effect: "NoSchedule" }],
  });
  expect(pool(resources, "agents")).toMatchObject({ taints: [] });
});

test("the RuntimeClass of sandboxes puts them under gVisor on those nodes", () => {
  expect(inputsOf(resources, ":RuntimeClass")).toMatchObject({
    metadata: { name: "gvisor" },
    handler: "runsc",
    scheduling: {
      nodeSelector: { "breakwater.dev/pool": "sandbox" },
      tolerations: [{ key: "breakwater.dev/pool", value: "sandbox", effect: "NoSchedule" }],
    },
  });
});

test("under kata sandboxes run on bare metal in ACK's own virtual machines", async () => {
  const pools = wanted.pools;
  const found = await built(demand("acme-alibaba", { sandboxIsolation: "kata", pools }));
  expect(pool(found, "sandbox")).toMatchObject({
    instanceTypes: ["ecs.ebmg8i.48xlarge"],
    runtimeName: "Sandboxed-Container.runv",
  });
  expect(pool(found, "sandbox")).not.toHaveProperty("userData");
  expect(inputsOf(found, ":RuntimeClass")).toMatchObject({ metadata: { name: "breakwater-runv" }, handler: "runv" });
});

test("GPU nodes begin at none, are tainted, and are the smallest that the models fit", async () => {
  const found = await built(inside);
  expect(pool(found, "gpu-h20")).toMatchObject({
    labels: [
      { key: "breakwater.dev/pool", value: "gpu" },
      { key: "breakwater.dev/gpu", value: "h20" },
    ],
    scalingConfig: { enable: true, minSize: 0, maxSize: 1, type: "gpu" },
    taints: [{ key: "breakwater.dev/pool", value: "gpu", effect: "NoSchedule" }],
    instanceTypes: ["ecs.gn8v.4xlarge"],
  });
  expect(pool(found, "gpu-l20")).toMatchObject({ instanceTypes: ["ecs.gn8is.2xlarge"] });
});

test("a kind of GPU that the region does not sell is refused", () => {
  const gpu = { kind: "a100-80", perNode: 1 } as const;
  const asked = {
    name: "gpu-a100-80",
    role: "gpu",
    vcpus: 4,
    memoryGiB: 16,
    gpu,
    min: 0,
    max: 1,
    podsPerNode: 20,
  } as const;
  expect(() => machineOf(asked, contextOf(wanted))).toThrow(
    "[alibaba/no-machine] pool gpu-a100-80: got 4 vCPUs, 16 GiB, 1 x a100-80; expected what a machine type in cn-hangzhou has; choose another region, a smaller size, or another kind of GPU",
  );
  expect(machineOf(asked, contextOf({ ...wanted, region: "cn-shenzhen" })).name).toBe("ecs.gn7e-c16g1.4xlarge");
});

test("nodes are hardened by Alibaba's own profile, for MLPS in the mainland, those with GPUs too, and never by both", async () => {
  const profiles = (found: Awaited<ReturnType<typeof built>>, name: string) => {
    const { socEnabled, securityHardeningOs } = pool(found, name);
    return { socEnabled, securityHardeningOs };
  };
  const mlps = { socEnabled: true, securityHardeningOs: undefined };
  expect(profiles(resources, "agents")).toEqual(mlps);
  expect(profiles(await built(inside), "gpu-h20")).toEqual(mlps);
  const singapore = await built(demand("acme-alibaba", { region: "ap-southeast-1" }));
  expect(profiles(singapore, "agents")).toEqual({ socEnabled: undefined, securityHardeningOs: true });
});

test("no profile is asked for where ACK puts its own hypervisor", async () => {
  const found = await built(demand("acme-alibaba", { sandboxIsolation: "kata" }));
  for (const field of ["socEnabled", "securityHardeningOs"]) expect(pool(found, "sandbox")).not.toHaveProperty(field);
});

test("metadata takes a token on every node but those that OpenBao's seal asks without one", async () => {
  const tokens = (found: Awaited<ReturnType<typeof built>>) =>
    allOf(found, ":NodePool").map(
      ({ instanceMetadataOptions }) => (instanceMetadataOptions as { httpTokens: string }).httpTokens,
    );
  expect(tokens(resources)).toEqual(["optional", "required", "required"]);
  expect(tokens(await built(demand("acme-alibaba", { vaultUnseal: "shamir" })))).toEqual([
    "required",
    "required",
    "required",
  ]);
});

test("nodes of the vault may use its key, those of sandboxes may fetch gVisor, the others may do nothing", () => {
  expect(rights(resources, "system")).toEqual([
    {
      Effect: "Allow",
      Action: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
      Resource: ["acs:kms:region:1:key/alibaba-keys-vault"],
    },
  ]);
  expect(rights(resources, "sandbox")).toEqual([
    { Effect: "Allow", Action: ["oss:GetObject"], Resource: ["acs:oss:*:*:alibaba-storage-artifacts-id/gvisor/*"] },
    { Effect: "Allow", Action: ["kms:Decrypt"], Resource: ["acs:kms:region:1:key/alibaba-keys-artifacts"] },
  ]);
  expect(() => rights(resources, "agents")).toThrow("0 resources");
});

test("no node is older than the border's deny rule", async () => {
  const plan = await planned(wanted);
  const rule = plan.find(({ name }) => name === "alibaba-egress-rest");
  const pools = plan.filter(({ type }) => type.endsWith(":NodePool"));
  expect(pools).toHaveLength(3);
  for (const one of pools) expect(one.dependencies).toContain(rule?.urn);
});
