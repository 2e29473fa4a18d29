import { output } from "@pulumi/pulumi/output.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ArtifactBucket } from "../../../../components/tencent/buckets.ts";
import { Cluster } from "../../../../components/tencent/cluster.ts";
import { groupsOf, Nodes } from "../../../../components/tencent/nodes.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, ofClass, parts, refusalOf } from "./sample.ts";

const SUM = "0123456789abcdef".repeat(8);
const SUMS = `${SUM}  runsc\n${SUM}  containerd-shim-runsc-v1\n`;

function build(change = {}): Nodes {
  const context = contextFor(change);
  const made = parts(context);
  const cluster = new Cluster("tke", context, made);
  const artifacts = new ArtifactBucket("artifacts", context, { vpc: output("vpc-1") });
  return new Nodes("nodes", context, { ...made, cluster, artifacts, sums: SUMS });
}

const nodes = () => record(() => build());

test("each pool has the smallest machine that is enough; where pods have disks, one group for each zone", async () => {
  const pools = ofClass(await nodes(), "KubernetesNativeNodePool").map(({ inputs }) => inputs);
  const zones = [4, 6, 7].map((zone) => `ap-guangzhou-${zone}`);
  expect(
    pools.map(({ name, native }) => [name, native.instanceTypes[0], native.machineType, native.subnetIds]),
  ).toEqual([
    ...zones.map((zone) => [`acme-tencent-agents-${zone}`, "SA2.2XLARGE32", "Native", [`network-nodes-${zone}-id`]]),
    ["acme-tencent-gpu-l20", "PNV5b.8XLARGE96", "NativeCVM", zones.map((zone) => `network-nodes-${zone}-id`)],
    ["acme-tencent-sandbox", "SA2.2XLARGE32", "Native", zones.map((zone) => `network-nodes-${zone}-id`)],
    ...zones.map((zone) => [`acme-tencent-system-${zone}`, "SA2.LARGE16", "Native", [`network-nodes-${zone}-id`]]),
  ]);
});

test("however a pool is divided, there are never fewer nodes than asked for, and at most two more", () => {
  const sizes = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
  fc.assert(
    fc.property(sizes, fc.constantFrom("system", "agents", "sandbox", "gpu"), ([min, more], role) => {
      const pool = { name: "pool", role, vcpus: 4, memoryGiB: 16, min, max: min + more, podsPerNode: 40 } as const;
      const groups = groupsOf(pool, ["a", "b", "c"]);
      for (const bound of ["min", "max"] as const) {
        const sum = groups.reduce((total, group) => total + group[bound], 0);
        expect(sum).toBeGreaterThanOrEqual(pool[bound]);
        expect(sum).toBeLessThanOrEqual(pool[bound] + 2);
      }
    }),
  );
});

test("every node's disk is encrypted with the company's key, and no node has an address or a key to log in with", async () => {
  for (const { inputs } of ofClass(await nodes(), "KubernetesNativeNodePool")) {
    expect(inputs.native.systemDisk).toMatchObject({ encrypt: "ENCRYPT", kmsKeyId: "keys-disks-id" });
    expect(inputs.native).not.toHaveProperty("internetAccessible");
    expect(inputs.native).not.toHaveProperty("keyIds");
    expect(inputs.native.securityGroupIds).toEqual(["network-nodes-id"]);
    expect(inputs.deletionProtection).toBe(true);
  }
});

test("only pods made for them go to the nodes of sandboxes and GPUs", async () => {
  const seen = await nodes();
  const taint = (role: string) => [{ key: "breakwater.dev/pool", value: role, effect: "NoSchedule" }];
  expect(at(seen, "KubernetesNativeNodePool", "nodes-sandbox").taints).toEqual(taint("sandbox"));
  expect(at(seen, "KubernetesNativeNodePool", "nodes-gpu-l20").taints).toEqual(taint("gpu"));
  expect(at(seen, "KubernetesNativeNodePool", "nodes-agents-ap-guangzhou-6")).toMatchObject({
    taints: [],
    labels: [{ name: "breakwater.dev/pool", value: "agents" }],
  });
});

test("GPUs run only while a model needs them, on nodes that say which GPU they have", async () => {
  const { native, labels } = at(await nodes(), "KubernetesNativeNodePool", "nodes-gpu-l20");
  expect(native).toMatchObject({ enableAutoscaling: true, scaling: { minReplicas: 0, maxReplicas: 2 } });
  expect(labels).toEqual([
    { name: "breakwater.dev/pool", value: "gpu" },
    { name: "breakwater.dev/gpu", value: "l20" },
  ]);
});

test("gVisor comes to sandboxes' nodes and to no others", async () => {
  const seen = await nodes();
  for (const pool of ["system-ap-guangzhou-4", "agents-ap-guangzhou-4", "gpu-l20"]) {
    expect(at(seen, "KubernetesNativeNodePool", `nodes-${pool}`).native).not.toHaveProperty("lifecycle");
  }
  const { lifecycle } = at(seen, "KubernetesNativeNodePool", "nodes-sandbox").native;
  const script = Buffer.from(lifecycle.preInit, "base64").toString();
  expect(script).toContain("https://artifacts-id.cos.ap-guangzhou.myqcloud.com/gvisor/runsc\n");
  expect(script).toContain(`${SUM}  containerd-shim-runsc-v1\n`);
  expect(Buffer.from(lifecycle.postInit, "base64").toString()).toContain('runtime_type = "io.containerd.runsc.v1"');
});

test("a pool that no machine is enough for is refused by its name, with what it asked", async () => {
  const pool = { name: "gpu-b200", role: "gpu", vcpus: 8, memoryGiB: 32, min: 0, max: 1, podsPerNode: 20 } as const;
  const pools = [{ ...pool, gpu: { kind: "b200", perNode: 8 } as const }];
  expect(await refusalOf(() => build({ pools }))).toBe(
    "[tencent/no-machine] pool gpu-b200: got 8 vCPUs, 32 GiB, 8 b200; expected a machine that is sold in ap-guangzhou; choose a smaller size, another GPU or another isolation",
  );
});

test("Kata, which no machine on offer can run, is refused", async () => {
  expect(await refusalOf(() => build({ sandboxIsolation: "kata" }))).toContain(
    "pool sandbox: got 8 vCPUs, 32 GiB, virtual machines",
  );
});

test("what needs nodes waits for the pools that always have some", async () => {
  let running = 0;
  await record(() => {
    running = build().running.length;
  });
  // Three of the system, three of the agents, one of sandboxes; not the GPUs.
  expect(running).toBe(7);
});
