import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { k8s017 } from "../../../../policies/rules/k8s-017.ts";
import { k8s018 } from "../../../../policies/rules/k8s-018.ts";
import { k8s019 } from "../../../../policies/rules/k8s-019.ts";
import { k8s020 } from "../../../../policies/rules/k8s-020.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { GOOD } from "../../../support/judged-pods.ts";

const later = { __pulumiUnknown: true };
const POOL = "breakwater.dev/pool";
const taint = (value: string, effect = "NoSchedule") => ({ key: POOL, value, effect });

const eks = (change: object = {}) =>
  planned("aws:eks/nodeGroup:NodeGroup", {
    amiType: "BOTTLEROCKET_x86_64",
    labels: { [POOL]: "sandbox" },
    taints: [taint("sandbox", "NO_SCHEDULE")],
    ...change,
  });
const ebs = { encrypted: "true", kmsKeyId: later };
const template = (change: object = {}) =>
  planned("aws:ec2/launchTemplate:LaunchTemplate", {
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }],
    ...change,
  });
const ackInputs = {
  imageType: "AliyunLinux3",
  socEnabled: true,
  instanceMetadataOptions: { httpTokens: "required" },
  labels: [{ key: POOL, value: "gpu" }],
  taints: [taint("gpu")],
  scalingConfig: { type: "gpu" },
  systemDiskEncrypted: true,
};
const ack = (change: object = {}) =>
  planned("alicloud:cs/nodePool:NodePool", { ...ackInputs, systemDiskKmsKey: later, ...change });
const ackWithoutKey = planned("alicloud:cs/nodePool:NodePool", ackInputs);
const disk = { diskSize: 100, encrypt: "ENCRYPT", kmsKeyId: later };
const tke = (change: object = {}, native: object = {}) =>
  planned("tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool", {
    labels: [{ name: POOL, value: "sandbox" }],
    taints: [taint("sandbox")],
    native: { systemDisk: disk, ...native },
    ...change,
  });

const guest = (component: string, spec: object) =>
  planned("kubernetes:apps/v1:Deployment", {
    metadata: { namespace: "tenant-a" },
    spec: {
      template: {
        metadata: { labels: { "app.kubernetes.io/component": component } },
        spec: { containers: [GOOD], ...spec },
      },
    },
  });
const goes = (pool: string) => ({ nodeSelector: { [POOL]: pool }, tolerations: [taint(pool)] });

test("K8S-017: pools that repel others and pods that belong there pass", () => {
  const agents = [
    eks({ labels: { [POOL]: "agents" }, taints: [] }),
    ack({ labels: [{ key: POOL, value: "agents" }], taints: [], scalingConfig: { type: "cpu" } }),
  ];
  const nvidia = ack({ taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] });
  const pods = [guest("sandbox", goes("sandbox")), guest("model-server", goes("gpu")), guest("router", {})];
  const resources = [eks(), ack(), tke(), nvidia, ...agents, ...pods];
  expect(judged("K8S-017", resources, { rules: [k8s017] }).outcome).toBe("passed");
});

test.each<[string, RawResource]>([
  ["nodes of pool sandbox have no taint that keeps others away", eks({ taints: [] })],
  [
    "nodes of pool sandbox have no taint that keeps others away",
    eks({ taints: [taint("sandbox", "PREFER_NO_SCHEDULE")] }),
  ],
  ["nodes of pool gpu have no taint that keeps others away", ack({ taints: [taint("sandbox")] })],
  ["nodes of pool sandbox have no taint that keeps others away", tke({ taints: undefined })],
  [`its nodes have no label ${POOL}`, eks({ labels: {} })],
  [`its nodes have no label ${POOL}`, tke({ labels: [] })],
  [
    `its machines have GPUs, and its label ${POOL} is agents`,
    ack({ labels: [{ key: POOL, value: "agents" }], taints: [] }),
  ],
  [
    `its machines have GPUs, and its label ${POOL} is agents`,
    eks({ amiType: "AL2023_x86_64_NVIDIA", labels: { [POOL]: "agents" } }),
  ],
  ["the pod tolerates every taint", guest("router", { tolerations: [{ operator: "Exists" }] })],
  ["the pod tolerates pool sandbox, which it does not select", guest("sandbox", { tolerations: [taint("sandbox")] })],
  ["the pod tolerates pool of any name, which it does not select", guest("router", { tolerations: [{ key: POOL }] })],
  ["the pod is no sandbox and goes to their nodes", guest("router", goes("sandbox"))],
])("K8S-017: %s", (problem, resource) => {
  expect(problems("K8S-017", [resource], { rules: [k8s017] })).toEqual([problem]);
});

test("K8S-018 to K8S-020: nodes as they should be pass, though their keys are known later", () => {
  const nodes = [template(), template({ metadataOptions: { httpEndpoint: "disabled" } }), eks(), ack(), tke()];
  const immutable = ack({ socEnabled: undefined, imageType: "ContainerOS" });
  for (const rule of [k8s018, k8s019, k8s020]) {
    expect(judged(rule.id, [...nodes, immutable], { rules: [rule] }).outcome).toBe("passed");
  }
});

const metadata = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };

test.each<[string, RawResource]>([
  [
    "metadataOptions.httpTokens is not required",
    template({ metadataOptions: { ...metadata, httpTokens: "optional" } }),
  ],
  [
    "metadataOptions.httpPutResponseHopLimit is not 1",
    template({ metadataOptions: { ...metadata, httpPutResponseHopLimit: 2 } }),
  ],
  ["instanceMetadataOptions.httpTokens is optional", ack({ instanceMetadataOptions: { httpTokens: "optional" } })],
  ["instanceMetadataOptions.httpTokens is missing", ack({ instanceMetadataOptions: undefined })],
])("K8S-018: %s", (problem, resource) => {
  expect(problems("K8S-018", [resource], { rules: [k8s018] })).toEqual([problem]);
});

test("K8S-018: a template that says nothing of metadata is refused for both", () => {
  expect(problems("K8S-018", [template({ metadataOptions: undefined })], { rules: [k8s018] })).toHaveLength(2);
});

test.each<[string, RawResource]>([
  ["no blockDeviceMappings, so that the image says what disks are", template({ blockDeviceMappings: undefined })],
  [
    "disk b is not encrypted",
    template({ blockDeviceMappings: [{ deviceName: "b", ebs: { ...ebs, encrypted: "false" } }] }),
  ],
  [
    "disk b has no key of the customer",
    template({ blockDeviceMappings: [{ deviceName: "b", ebs: { encrypted: true } }] }),
  ],
  ["the system disk is not encrypted", ack({ systemDiskEncrypted: undefined })],
  ["the system disk has no key of the customer", ackWithoutKey],
  ["data disk 0 is not encrypted", ack({ dataDisks: [{ size: 100 }] })],
  ["system disk is not encrypted", tke({}, { systemDisk: { diskSize: 100 } })],
  ["system disk has no key of the customer", tke({}, { systemDisk: { encrypt: "ENCRYPT" } })],
  ["data disk 0 is not encrypted", tke({}, { dataDisks: [{ diskSize: 100 }] })],
])("K8S-019: %s", (problem, resource) => {
  expect(problems("K8S-019", [resource], { rules: [k8s019] })).toEqual([problem]);
});

test.each<[string, RawResource]>([
  ["amiType is AL2023_x86_64_STANDARD", eks({ amiType: "AL2023_x86_64_STANDARD" })],
  ["amiType is CUSTOM", eks({ amiType: "CUSTOM" })],
  ["imageType is AliyunLinux3, without socEnabled or securityHardeningOs", ack({ socEnabled: undefined })],
])("K8S-020: %s", (problem, resource) => {
  expect(problems("K8S-020", [resource], { rules: [k8s020] })).toEqual([problem]);
});
