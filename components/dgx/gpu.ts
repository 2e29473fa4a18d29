import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import { GPUS } from "../inference/gpu-table.ts";
import { DEVICE_PLUGIN_CONFIG, migLayout } from "../inference/sharing.ts";
import { MONITORING_NAMESPACE } from "../monitoring/names.ts";
import { POOL_LABEL } from "../pools.ts";
import type { ExistingCluster } from "./existing.ts";
import { mirrored } from "./registry.ts";

export const GPU_OPERATOR_NAMESPACE = "gpu-operator";

/** Port of the exporter of GPU metrics (DCGM). */
const DCGM_PORT = 9400;

/** Names that the chart gives to configurations. */
const MIG_CONFIG = "breakwater-mig-layouts";
const PLUGIN_CONFIG = "breakwater-device-plugin";

/**
 * Values of the GPU operator: driver and container toolkit are those of DGX OS, every image is the mirror's, and a GPU is
 * handed out whole or cut by MIG.
 */
export function gpuOperatorValues(existing: ExistingCluster, pools: readonly NodePool[]): Record<string, unknown> {
  const at = (path: string) => ({ repository: mirrored(existing, path) });
  return {
    cdi: { enabled: true },
    mig: { strategy: "mixed" },
    daemonsets: {
      tolerations: [
        { key: POOL_LABEL, operator: "Equal", value: "gpu", effect: "NoSchedule" },
        { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
      ],
    },
    operator: at("nvidia"),
    validator: at("nvidia/cloud-native"),
    driver: { ...at("nvidia"), enabled: false },
    toolkit: { ...at("nvidia/k8s"), enabled: false },
    devicePlugin: {
      ...at("nvidia"),
      config: {
        create: true,
        name: PLUGIN_CONFIG,
        default: "default",
        data: { default: JSON.stringify(DEVICE_PLUGIN_CONFIG) },
      },
    },
    gfd: at("nvidia"),
    dcgm: { ...at("nvidia/cloud-native"), enabled: false },
    dcgmExporter: { ...at("nvidia/k8s"), enabled: true },
    migManager: {
      ...at("nvidia/cloud-native"),
      config: { create: true, name: MIG_CONFIG, default: "all-disabled", data: { "config.yaml": migConfig(pools) } },
    },
    nodeStatusExporter: { ...at("nvidia/cloud-native"), enabled: false },
    // Machines that pass whole GPUs to virtual machines are not ours.
    sandboxWorkloads: { enabled: false },
    vgpuDeviceManager: { ...at("nvidia/cloud-native"), enabled: false },
    vfioManager: { ...at("nvidia"), enabled: false },
    sandboxDevicePlugin: { ...at("nvidia"), enabled: false },
    kataManager: { ...at("nvidia/cloud-native"), enabled: false },
    ccManager: { ...at("nvidia/cloud-native"), enabled: false },
    gds: { ...at("nvidia/cloud-native"), enabled: false },
    gdrcopy: { ...at("nvidia/cloud-native"), enabled: false },
    "node-feature-discovery": { image: at("nfd/node-feature-discovery") },
  };
}

/** The layouts that pools ask for, by the name that a node's label `nvidia.com/mig.config` chooses; JSON is YAML too. */
function migConfig(pools: readonly NodePool[]): string {
  const layouts = pools.flatMap(({ gpu }) => {
    const part = GPUS[gpu?.kind ?? "l4"].mig.find(({ name }) => name === gpu?.migProfile);
    return part === undefined ? [] : [migLayout(part)];
  });
  const configs = Object.fromEntries(layouts.map(({ name, config }) => [name, config]));
  const whole = { "all-disabled": [{ devices: "all", "mig-enabled": false }] };
  return `${JSON.stringify({ version: "v1", "mig-configs": { ...whole, ...configs } }, null, 2)}\n`;
}

/** What the GPUs' surroundings need. */
export interface GpusArgs {
  readonly existing: ExistingCluster;
}

/** Network adapters of NVIDIA, by the PCI vendor. */
const RDMA_DEVICES = {
  configList: [{ resourceName: "rdma_shared_device_a", rdmaHcaMax: 63, selectors: { vendors: ["15b3"] } }],
};

/**
 * What stands beside the GPU operator: metrics of GPUs are for monitoring only, and adapters are offered to pods.
 *
 * Children: NetworkPolicy, NicClusterPolicy. Needs GPU and network operator. Cost: none.
 */
export class Gpus extends Component {
  constructor(name: string, { existing }: GpusArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Gpus", name, opts);
    new NetworkPolicy(
      name,
      {
        metadata: { name: "dcgm-for-monitoring", namespace: GPU_OPERATOR_NAMESPACE },
        spec: {
          podSelector: { matchLabels: { app: "nvidia-dcgm-exporter" } },
          policyTypes: ["Ingress"],
          ingress: [
            {
              from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": MONITORING_NAMESPACE } } }],
              ports: [{ port: DCGM_PORT, protocol: "TCP" }],
            },
          ],
        },
      },
      this.child(),
    );
    new CustomResource(
      `${name}-network`,
      {
        apiVersion: "mellanox.com/v1alpha1",
        kind: "NicClusterPolicy",
        metadata: { name: "nic-cluster-policy" },
        // The driver is that of DGX OS; one in a container would be built at start and taken from outside.
        spec: {
          rdmaSharedDevicePlugin: {
            image: "k8s-rdma-shared-dev-plugin",
            repository: mirrored(existing, "nvidia/mellanox"),
            version: "network-operator-v26.1.2",
            config: JSON.stringify(RDMA_DEVICES),
          },
        },
      },
      this.child(),
    );
    this.registerOutputs();
  }
}
