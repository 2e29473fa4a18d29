import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contextOf } from "../../../../components/aws/context.ts";
import { GVISOR_FILES, gvisorLock } from "../../../../components/aws/gvisor-lock.ts";
import { nodeGroupsOf } from "../../../../components/aws/node-groups.ts";
import { nodeImageOf } from "../../../../components/aws/node-image.ts";
import { nodeRights } from "../../../../components/aws/node-role.ts";
import { userData } from "../../../../components/aws/user-data.ts";
import { ACCOUNT, CHINA, DEMAND, recorded } from "./recorded.ts";

const seoul = await recorded();
const kata = await recorded({ sandboxIsolation: "kata" });
const LOCK = { release: "20260905", sha512: { runsc: "a".repeat(128), "containerd-shim-runsc-v1": "b".repeat(128) } };

test("pods cannot reach their node's credentials, and disks of nodes are encrypted with the customer's key", () => {
  const templates = seoul.of("LaunchTemplate");
  expect(templates).toHaveLength(4);
  for (const { inputs } of templates) {
    expect(inputs.metadataOptions).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
    for (const { ebs } of inputs.blockDeviceMappings) {
      expect(ebs).toMatchObject({ encrypted: "true", volumeType: "gp3" });
      expect(ebs.kmsKeyId).toContain("aws-keys-volumes");
    }
  }
});

test("nodes on which nothing is installed boot an image that cannot be written; sandboxes' nodes cannot", () => {
  const images = Object.fromEntries(seoul.of("NodeGroup").map(({ name, inputs }) => [name, inputs.amiType]));
  expect(images).toMatchObject({
    "aws-nodes-system-a": "BOTTLEROCKET_x86_64",
    "aws-nodes-agents-c": "BOTTLEROCKET_x86_64",
    "aws-nodes-gpu-h100": "BOTTLEROCKET_x86_64_NVIDIA",
    "aws-nodes-sandbox": "AL2023_x86_64_STANDARD",
  });
  expect(kata.one("NodeGroup", "aws-nodes-sandbox").amiType).toBe("AL2023_x86_64_STANDARD");
});

test("GPUs in parts are cut by NVIDIA's manager, on the image that it can work on", () => {
  const gpu = { kind: "h100", perNode: 1 } as const;
  expect(nodeImageOf({ role: "gpu", gpu }).amiType).toBe("BOTTLEROCKET_x86_64_NVIDIA");
  expect(nodeImageOf({ role: "gpu", gpu: { ...gpu, migProfile: "3g.40gb" } }).amiType).toBe("AL2023_x86_64_NVIDIA");
});

test("what pods write goes to the large disk of each image", () => {
  const disks = (name: string) =>
    seoul
      .one("LaunchTemplate", name)
      .blockDeviceMappings.map((disk: { deviceName: string; ebs: { volumeSize: number } }) => [
        disk.deviceName,
        disk.ebs.volumeSize,
      ]);
  expect(disks("aws-nodes-agents")).toEqual([
    ["/dev/xvda", 4],
    ["/dev/xvdb", 100],
  ]);
  expect(disks("aws-nodes-sandbox")).toEqual([["/dev/xvda", 100]]);
});

test("pools whose pods have volumes keep a node in each zone; sandboxes and GPUs go where there is room", () => {
  const plans = nodeGroupsOf(DEMAND).map(({ name, zones, min, max }) => [name, zones.length, min, max]);
  expect(plans).toEqual([
    ["system-a", 1, 1, 2],
    ["system-b", 1, 1, 2],
    ["system-c", 1, 1, 2],
    ["agents-a", 1, 1, 2],
    ["agents-b", 1, 1, 2],
    ["agents-c", 1, 1, 2],
    ["sandbox", 3, 2, 4],
    ["gpu-h100", 3, 0, 2],
  ]);
});

test("nodes are in the nodes' subnets of their zone and nowhere else", () => {
  expect(seoul.one("NodeGroup", "aws-nodes-agents-b").subnetIds).toEqual(["aws-network-nodes-ap-northeast-2b-id"]);
  for (const { inputs } of seoul.of("NodeGroup")) {
    expect(inputs.subnetIds.every((subnet: string) => subnet.startsWith("aws-network-nodes-"))).toBe(true);
  }
});

test("sandbox and GPU nodes refuse pods that are not made for them", () => {
  const taints = Object.fromEntries(seoul.of("NodeGroup").map(({ name, inputs }) => [name, inputs.taints]));
  const taint = (value: string) => [{ key: "breakwater.dev/pool", value, effect: "NO_SCHEDULE" }];
  expect(taints["aws-nodes-sandbox"]).toEqual(taint("sandbox"));
  expect(taints["aws-nodes-gpu-h100"]).toEqual(taint("gpu"));
  expect(taints["aws-nodes-agents-a"]).toEqual([]);
});

test("a GPU pool begins at none, and the autoscaler is told what a node of it would be", () => {
  expect(seoul.one("NodeGroup", "aws-nodes-gpu-h100")).toMatchObject({
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    instanceTypes: ["p5.4xlarge"],
    scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 2 },
  });
  const tags = seoul.of("Tag").map(({ inputs }) => [inputs.autoscalingGroupName, inputs.tag.key, inputs.tag.value]);
  const group = "asg-aws-nodes-gpu-h100";
  const prefix = "k8s.io/cluster-autoscaler/node-template";
  expect(tags).toEqual([
    [group, `${prefix}/label/breakwater.dev/pool`, "gpu"],
    [group, `${prefix}/label/breakwater.dev/gpu`, "h100"],
    [group, `${prefix}/taint/breakwater.dev/pool`, "gpu:NoSchedule"],
    [group, `${prefix}/resources/nvidia.com/gpu`, "1"],
  ]);
});

test("nodes say which pool they are, which GPU they have and how it is cut", async () => {
  expect(seoul.one("NodeGroup", "aws-nodes-agents-a").labels).toEqual({ "breakwater.dev/pool": "agents" });
  const pools = DEMAND.pools.map((pool) =>
    pool.gpu === undefined ? pool : { ...pool, gpu: { ...pool.gpu, migProfile: "3g.40gb" } },
  );
  expect((await recorded({ pools })).one("NodeGroup", "aws-nodes-gpu-h100").labels).toEqual({
    "breakwater.dev/pool": "gpu",
    "breakwater.dev/gpu": "h100",
    "nvidia.com/mig.config": "all-3g.40gb",
  });
});

test("with Kata, sandbox nodes are of a type that runs virtual machines, and may; other nodes are not", () => {
  expect(kata.one("NodeGroup", "aws-nodes-sandbox").instanceTypes).toEqual(["m8i.2xlarge"]);
  expect(kata.one("LaunchTemplate", "aws-nodes-sandbox").cpuOptions).toEqual({ nestedVirtualization: "enabled" });
  expect(kata.one("LaunchTemplate", "aws-nodes-agents").cpuOptions).toBeUndefined();
  expect(seoul.one("LaunchTemplate", "aws-nodes-sandbox").cpuOptions).toBeUndefined();
});

test("in China nodes are of types that are sold there; with Kata a whole machine, which needs no nesting", async () => {
  expect(new Set(nodeGroupsOf(CHINA).map(({ machine }) => machine.name))).toEqual(
    new Set(["m6i.xlarge", "m6i.2xlarge"]),
  );
  const metal = await recorded({ sandboxIsolation: "kata" }, CHINA);
  expect(metal.one("NodeGroup", "aws-nodes-sandbox").instanceTypes).toEqual(["c5.metal"]);
  expect(metal.one("LaunchTemplate", "aws-nodes-sandbox").cpuOptions).toBeUndefined();
});

test("a pool that no machine can be is refused", () => {
  const pools = [
    { name: "agents", role: "agents", vcpus: 500, memoryGiB: 4, min: 1, max: 1, podsPerNode: 10 },
  ] as const;
  expect(() => nodeGroupsOf({ ...DEMAND, pools })).toThrow("[placement/machine] pool agents: got 500 vCPUs, 4 GiB");
});

function decoded(text: string): string {
  return Buffer.from(text, "base64").toString("utf8");
}

test("a sandbox node installs gVisor from the environment's own bucket, and only files of the pinned hash", () => {
  const script = decoded(userData({ maxPods: 110, gvisor: { lock: LOCK, bucket: "own", region: "eu-west-1" } }));
  for (const file of GVISOR_FILES) {
    const lines = script.split("\n");
    const got = lines.findIndex((line) => line.includes(`s3://own/gvisor/20260905/x86_64/${file} `));
    const checked = lines.indexOf(
      `echo "${LOCK.sha512[file]}  /usr/local/bin/${file}.new" | sha512sum --check --strict --status`,
    );
    const inPlace = lines.indexOf(`mv /usr/local/bin/${file}.new /usr/local/bin/${file}`);
    expect(got).toBeGreaterThan(0);
    expect([checked > got, inPlace > checked]).toEqual([true, true]);
  }
  expect(script).toContain("set -euo pipefail");
  expect(script).not.toMatch(/https?:/);
});

test("containerd of either version knows the runtime by the name that the RuntimeClass uses", () => {
  const script = decoded(userData({ maxPods: 110, gvisor: { lock: LOCK, bucket: "own", region: "eu-west-1" } }));
  for (const table of ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime"]) {
    expect(script).toContain(
      `[plugins."${table}".containerd.runtimes.runsc]\n      runtime_type = "io.containerd.runsc.v1"`,
    );
  }
});

test("other nodes install nothing when they start, let nobody on and tell their makers nothing", () => {
  expect(decoded(seoul.one("LaunchTemplate", "aws-nodes-agents").userData)).toBe(
    [
      "[settings.kubernetes]",
      "max-pods = 110",
      "",
      "[settings.host-containers.admin]",
      "enabled = false",
      "",
      "[settings.host-containers.control]",
      "enabled = false",
      "",
      "[settings.metrics]",
      "send-metrics = false",
      "",
    ].join("\n"),
  );
});

test("with Kata, a sandbox node is told how many pods it takes, in the words of its own image", () => {
  const plain = decoded(kata.one("LaunchTemplate", "aws-nodes-sandbox").userData);
  expect(plain).toContain("maxPods: 110");
  expect(plain).not.toContain("#!/bin/bash");
});

test("what a sandbox node installs is unknown in a preview until it is pinned, and read from the lock after", () => {
  expect(seoul.one("LaunchTemplate", "aws-nodes-sandbox").userData).toHaveProperty("__pulumiUnknown");
  const file = join(mkdtempSync(join(tmpdir(), "gvisor-lock-")), "lock.json");
  writeFileSync(file, JSON.stringify(LOCK));
  expect(gvisorLock(file)).toEqual(LOCK);
});

test.each([
  ["no hash", { ...LOCK, sha512: { runsc: "a".repeat(128) } }],
  ["a hash that is a command", { ...LOCK, sha512: { ...LOCK.sha512, runsc: `$(reboot)${"a".repeat(119)}` } }],
  ["a release that is a path", { ...LOCK, release: "../20260905" }],
])("a lock with %s is refused before it reaches a node", (_what, lock) => {
  const file = join(mkdtempSync(join(tmpdir(), "gvisor-lock-")), "lock.json");
  writeFileSync(file, JSON.stringify(lock));
  expect(() => gvisorLock(file)).toThrow("[nodes/gvisor-lock-malformed]");
});

test("a node may read gVisor's files and fill the copies of public images, and nothing else of ours", () => {
  const rights = nodeRights(contextOf(DEMAND), { bucketArn: "arn:aws:s3:::own", account: ACCOUNT });
  expect(rights.map(({ Resource }) => Resource)).toEqual([
    "arn:aws:s3:::own/gvisor/*",
    `arn:aws:kms:ap-northeast-2:${ACCOUNT}:key/*`,
    `arn:aws:ecr:ap-northeast-2:${ACCOUNT}:repository/acme-aws-mirror*`,
  ]);
  expect(rights[1]?.Condition).toMatchObject({ StringEquals: { "kms:ViaService": "s3.ap-northeast-2.amazonaws.com" } });
});
