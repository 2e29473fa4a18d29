import type { Problem } from "@breakwater/runtime/problems";
import { kubeletDir, network } from "./layout.ts";

/** What was seen of the machine; {@link nodeProblems} judges it. */
export interface MachineFacts {
  readonly platform: string;
  readonly arch: string;
  readonly root: boolean;
  readonly hasApt: boolean;
  /** Commands and CNI plugins that are not there, by the name under which they are looked for. */
  readonly missing: readonly string[];
  /** Ports of the node that another process holds, and who it is when that can be told. */
  readonly takenPorts: readonly { readonly port: number; readonly holder: string }[];
  readonly freeDiskBytes: number;
  readonly memoryBytes: number;
  /** A kubelet that is not ours has its files in {@link kubeletDir}. */
  readonly foreignKubelet: boolean;
  readonly bridgeNetfilter: boolean;
  /** Why `iptables` does not work, when it is there. */
  readonly iptablesFailure: string | undefined;
  readonly hasOverlay: boolean;
  /** Routes of this machine that reach into the node's own address ranges. */
  readonly clashingRoutes: readonly string[];
}

/** Which Debian package brings what the node needs. Debian 12, read 2026-11-23. */
export const packageOf: Readonly<Record<string, string>> = {
  etcd: "etcd-server",
  runc: "runc",
  iptables: "iptables",
  "iptables-save": "iptables",
  ipset: "ipset",
  conntrack: "conntrack",
  ip: "iproute2",
  openssl: "openssl",
  mount: "mount",
  umount: "mount",
  nsenter: "util-linux",
  "cni:bridge": "containernetworking-plugins",
  "cni:host-local": "containernetworking-plugins",
  "cni:loopback": "containernetworking-plugins",
  "cni:portmap": "containernetworking-plugins",
};

export const minimumFreeDiskBytes: number = 20 * 1024 ** 3;
export const minimumMemoryBytes: number = 6 * 1024 ** 3;

/** The packages that bring what is missing, each once, sorted. */
export function packagesFor(missing: readonly string[]): readonly string[] {
  return [...new Set(missing.map((name) => packageOf[name] ?? name))].sort();
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

/** Everything that keeps the node from running here, all at once. */
export function nodeProblems(facts: MachineFacts): readonly Problem[] {
  const { platform, arch } = facts;
  if (platform !== "linux" || arch !== "x64") {
    const remedy = "use a Linux machine, or set KUBECONFIG to a cluster with gVisor";
    return [problem("platform", "process.platform", `${platform}/${arch}`, "linux/x64", remedy)];
  }
  return [...missingProblems(facts), ...roomProblems(facts), ...hostProblems(facts)];
}

function problem(what: string, path: string, got: string, expected: string, remedy: string): Problem {
  return { code: `cluster/${what}`, path, got, expected, remedy };
}

function missingProblems({ root, missing, hasApt }: MachineFacts): readonly Problem[] {
  const found: Problem[] = [];
  if (!root) {
    const remedy = "run this as root (sudo), or set KUBECONFIG to a cluster with gVisor";
    found.push(problem("not-root", "process.getuid()", "an ordinary user", "root", remedy));
  }
  if (missing.length > 0) {
    const packages = packagesFor(missing).join(" ");
    const remedy = hasApt
      ? `run: apt-get install -y --no-install-recommends ${packages}`
      : `install what Debian calls: ${packages} (this machine has no apt-get)`;
    found.push(problem("missing-command", "PATH", `no ${missing.join(", ")}`, "all of them", remedy));
  }
  return found;
}

function roomProblems({ freeDiskBytes, memoryBytes }: MachineFacts): readonly Problem[] {
  const found: Problem[] = [];
  if (freeDiskBytes < minimumFreeDiskBytes) {
    const expected = `at least ${gib(minimumFreeDiskBytes)}`;
    const remedy = "free some disk space, or set XDG_STATE_HOME to a folder on a larger disk";
    found.push(problem("low-disk", "free disk space", gib(freeDiskBytes), expected, remedy));
  }
  if (memoryBytes < minimumMemoryBytes) {
    const expected = `at least ${gib(minimumMemoryBytes)}`;
    found.push(problem("low-memory", "memory", gib(memoryBytes), expected, "use a machine with more memory"));
  }
  return found;
}

function hostProblems(facts: MachineFacts): readonly Problem[] {
  const found: Problem[] = [];
  for (const { port, holder } of facts.takenPorts) {
    found.push(problem("port-taken", `port ${port}`, `held by ${holder}`, "free", `stop ${holder}, then try again`));
  }
  if (facts.foreignKubelet) {
    const remedy = `set KUBECONFIG to that cluster, or remove it and ${kubeletDir}`;
    found.push(problem("foreign-kubelet", kubeletDir, "the files of another kubelet", "none", remedy));
  }
  if (!facts.bridgeNetfilter) {
    const remedy =
      "load it (modprobe br_netfilter) or use a kernel that has it: NetworkPolicies do not hold without it";
    found.push(problem("no-bridge-netfilter", "/proc/sys/net/bridge", "nothing", "br_netfilter in the kernel", remedy));
  }
  if (facts.iptablesFailure !== undefined) {
    const remedy = "use a kernel with netfilter, and run where rules may be changed";
    found.push(problem("no-iptables", "iptables-save", facts.iptablesFailure, "the rules", remedy));
  }
  if (!facts.hasOverlay) {
    found.push(problem("no-overlay", "/proc/filesystems", "no overlay", "overlay", "load it (modprobe overlay)"));
  }
  for (const route of facts.clashingRoutes) {
    const expected = `nothing of ours in ${network.clusterRange}, ${network.serviceRange} and ${network.nodeAddress}`;
    const remedy = "use a machine or network namespace where these addresses are free";
    found.push(problem("address-clash", "ip route", route, expected, remedy));
  }
  return found;
}
