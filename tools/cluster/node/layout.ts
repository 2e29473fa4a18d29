import { join } from "node:path";
import { stateDir } from "../../paths.ts";

/** Everything of the node lies in this folder; what cannot is found by `leftovers` in down.ts. */
export function nodeDir(...parts: string[]): string {
  return stateDir("node", ...parts);
}

/** In the environment of every component and inherited by the shims: how a process is known to be this node's. */
export const processMark = "BREAKWATER_NODE";

/** The kubelet's root. gVisor's shim looks for volumes only there (met 2026-11, "unexpected matched volume list []"). */
export const kubeletDir = "/var/lib/kubelet";

/** Says that {@link kubeletDir} is ours; a kubelet of someone else has none. */
export const kubeletOwnerFile: string = join(kubeletDir, ".breakwater-node");

export const nodeName = "breakwater";

/** Addresses inside this machine; none is reachable from outside. */
export const network = {
  /** Bridge that only carries the address which the API server and the kubelet answer on. */
  nodeDevice: "bw-node0",
  nodeAddress: "10.200.0.1",
  podDevice: "bw-pods0",
  podRange: "10.244.0.0/24",
  podNetworkName: "breakwater-pods",
  clusterRange: "10.244.0.0/16",
  serviceRange: "10.96.0.0/16",
  apiServiceAddress: "10.96.0.1",
  dnsAddress: "10.96.0.10",
  nodePorts: "18000-18999",
} as const;

export const frontDoorPort = 18789;

/** Ports that the components listen on, by name. All but the API server's and the kubelet's are on loopback. */
export const ports = {
  etcd: 2379,
  etcdPeer: 2380,
  apiServer: 6443,
  controllerManager: 10257,
  scheduler: 10259,
  kubelet: 10250,
  kubeletHealth: 10248,
  kubeProxyMetrics: 10249,
  kubeProxyHealth: 10256,
  kubeRouterHealth: 20244,
  provisionerHealth: 20245,
} as const;

/** Sockets, configuration and data by role. */
export const paths = {
  containerdSocket: (): string => nodeDir("containerd", "containerd.sock"),
  containerdState: (): string => nodeDir("containerd", "state"),
  volumes: (): string => nodeDir("volumes"),
  leases: (): string => nodeDir("cni", "leases"),
  config: (name: string): string => nodeDir("config", name),
  pki: (name: string): string => nodeDir("pki", name),
  kubeconfig: (user: string): string => nodeDir("pki", `${user}.kubeconfig`),
  log: (component: string): string => nodeDir("logs", `${component}.log`),
  record: (component: string): string => nodeDir("run", `${component}.json`),
} as const;
