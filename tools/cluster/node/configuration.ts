import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { kubeletDir, network, nodeDir, nodeName, paths, ports } from "./layout.ts";

/** What the configuration depends on besides the layout. */
export interface ConfigurationInput {
  readonly pauseImage: string;
  readonly runscPath: string;
  /** Without CAP_SYS_RESOURCE nobody may lower an OOM score; pods then die at start unless containerd does not try. */
  readonly mayLowerOomScore: boolean;
}

/** Name and text of every configuration file of the node. */
export function configurationFiles(input: ConfigurationInput): Readonly<Record<string, string>> {
  return {
    "containerd.toml": containerdConfig(input),
    "runsc.toml": runscConfig(input),
    "cni/10-pods.conflist": json(cniConfig()),
    "kubelet.yaml": json(kubeletConfig()),
    "kube-proxy.yaml": json(kubeProxyConfig()),
    "audit-policy.yaml": json(auditPolicy()),
  };
}

/** Writes the files, each in one step. */
export async function writeConfiguration(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = paths.config(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.partial`, text, { mode: 0o600 });
    await rename(`${path}.partial`, path);
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A path or name as a TOML string. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function containerdConfig({ pauseImage, mayLowerOomScore }: ConfigurationInput): string {
  return `version = 3
root = ${quoted(nodeDir("containerd", "root"))}
state = ${quoted(paths.containerdState())}
disabled_plugins = ["io.containerd.nri.v1.nri"]

[grpc]
  address = ${quoted(paths.containerdSocket())}

[plugins.'io.containerd.internal.v1.opt']
  path = ${quoted(nodeDir("containerd", "opt"))}

[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = ${quoted(pauseImage)}

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = ${!mayLowerOomScore}
  netns_mounts_under_state_dir = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["/usr/lib/cni", "/opt/cni/bin"]
  conf_dir = ${quoted(paths.config("cni"))}

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
    Root = ${quoted(nodeDir("containerd", "runc"))}

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]
  runtime_type = "io.containerd.runsc.v1"
  pod_annotations = ["dev.gvisor.*"]
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc.options]
    TypeUrl = "io.containerd.runsc.v1.options"
    ConfigPath = ${quoted(paths.config("runsc.toml"))}
`;
}

/** systrap: kvm hangs in a virtual machine with nested /dev/kvm (met 2026-11). */
function runscConfig({ runscPath }: ConfigurationInput): string {
  return `log_path = ${quoted(nodeDir("logs", "runsc-shim.log"))}
log_level = "warning"
binary_name = ${quoted(runscPath)}
root = ${quoted(nodeDir("containerd", "runsc"))}

[runsc_config]
  platform = "systrap"
`;
}

function cniConfig(): unknown {
  return {
    cniVersion: "0.4.0",
    name: network.podNetworkName,
    plugins: [
      {
        type: "bridge",
        bridge: network.podDevice,
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          dataDir: paths.leases(),
          ranges: [[{ subnet: network.podRange }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true } },
    ],
  };
}

function kubeletConfig(): unknown {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: network.nodeAddress,
    port: ports.kubelet,
    healthzBindAddress: "127.0.0.1",
    healthzPort: ports.kubeletHealth,
    tlsCertFile: paths.pki("kubelet-server.crt"),
    tlsPrivateKeyFile: paths.pki("kubelet-server.key"),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: paths.pki("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    containerRuntimeEndpoint: `unix://${paths.containerdSocket()}`,
    clusterDomain: "cluster.local",
    clusterDNS: [network.dnsAddress],
    resolvConf: "/etc/resolv.conf",
    podLogsDir: nodeDir("pod-logs"),
    volumePluginDir: nodeDir("volume-plugins"),
    // No registry can bring a local image back: the image collector must never find a reason. It starts at this share of
    // the disk, and on disk pressure, for which there is therefore no threshold; preflight watches the disk instead.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "100Mi" },
  };
}

function kubeProxyConfig(): unknown {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: paths.kubeconfig("kube-proxy") },
    hostnameOverride: nodeName,
    mode: "iptables",
    clusterCIDR: network.clusterRange,
    // NodePorts answer on this machine only. localhostNodePorts needs route_localnet, which kube-proxy sets itself.
    nodePortAddresses: ["127.0.0.0/8"],
    iptables: { localhostNodePorts: true, minSyncPeriod: "100ms", syncPeriod: "30s" },
    // Zero leaves the machine's own connection tracking limits alone.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    healthzBindAddress: `127.0.0.1:${ports.kubeProxyHealth}`,
    metricsBindAddress: `127.0.0.1:${ports.kubeProxyMetrics}`,
  };
}

/** Who did what to which object, never its content: secrets stay out of the log. */
function auditPolicy(): unknown {
  return {
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules: [{ level: "None", nonResourceURLs: ["/healthz*", "/livez*", "/readyz*"] }, { level: "Metadata" }],
  };
}

/** Folders that components expect. The kubelet's own root is elsewhere and is made by `up`. */
export function folders(): readonly string[] {
  return [
    ...["etcd", "logs", "run", "config", "pod-logs", "volume-plugins", "containerd", "cni", "images"].map((name) =>
      nodeDir(name),
    ),
    paths.volumes(),
    kubeletDir,
  ];
}
