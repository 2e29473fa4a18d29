import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../../paths.ts";
import { command } from "./command.ts";
import { kubeletDir, network, nodeDir, nodeName, paths, ports } from "./layout.ts";

/** Programs of the node that are built from pinned modules. */
export const nodeTools = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
  "containerd",
  "containerd-shim-runc-v2",
  "ctr",
  "runsc",
  "containerd-shim-runsc-v1",
  "kube-router",
  "coredns",
  "pause",
] as const;
export type Binaries = Readonly<Record<(typeof nodeTools)[number], string>>;

/** One long-running program of the node. */
export interface Component {
  readonly name: string;
  readonly argv: (binaries: Binaries) => readonly string[];
  /** Files whose content it reads at start: a change restarts it. */
  readonly reads: readonly string[];
  /** Whether it does its work now. */
  readonly ready: (binaries: Binaries) => Promise<boolean>;
  /** Starts only when the API server answers. */
  readonly needsApi: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const loopback = "127.0.0.1";

/** Whether a health address answers 200. The certificate of a loopback health port proves nothing and is not looked at. */
function answers(url: string): Promise<boolean> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(url, { timeout: 2000, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.on("error", () => resolve(false));
    request.end();
  });
}

const pki = paths.pki;
const certificates = (name: string): readonly string[] => [pki("ca.crt"), pki(`${name}.crt`)];

/** The node, in the order in which it starts. */
export const components: readonly Component[] = [
  {
    name: "etcd",
    argv: () => [
      "etcd",
      `--data-dir=${nodeDir("etcd")}`,
      `--listen-client-urls=http://${loopback}:${ports.etcd}`,
      `--advertise-client-urls=http://${loopback}:${ports.etcd}`,
      `--listen-peer-urls=http://${loopback}:${ports.etcdPeer}`,
      `--initial-advertise-peer-urls=http://${loopback}:${ports.etcdPeer}`,
      `--initial-cluster=default=http://${loopback}:${ports.etcdPeer}`,
      "--auto-compaction-mode=periodic",
      "--auto-compaction-retention=1h",
    ],
    reads: [],
    ready: () => answers(`http://${loopback}:${ports.etcd}/health`),
    needsApi: false,
  },
  {
    name: "containerd",
    argv: ({ containerd }) => [containerd, "--config", paths.config("containerd.toml")],
    reads: [paths.config("containerd.toml")],
    ready: async ({ ctr }) => (await command([ctr, "--address", paths.containerdSocket(), "version"])).code === 0,
    needsApi: false,
  },
  {
    name: "kube-apiserver",
    argv: (binaries) => [binaries["kube-apiserver"], ...apiServerFlags()],
    reads: [...certificates("kube-apiserver"), pki("kubelet-client.crt"), paths.config("audit-policy.yaml")],
    ready: ({ kubectl }) => kubectlAnswers(kubectl, ["get", "--raw", "/readyz"]),
    needsApi: false,
  },
  {
    name: "kube-controller-manager",
    argv: (binaries) => [
      binaries["kube-controller-manager"],
      `--kubeconfig=${paths.kubeconfig("kube-controller-manager")}`,
      `--bind-address=${loopback}`,
      `--secure-port=${ports.controllerManager}`,
      "--authentication-skip-lookup",
      `--service-account-private-key-file=${pki("service-account.key")}`,
      `--root-ca-file=${pki("ca.crt")}`,
      "--use-service-account-credentials",
      `--cluster-cidr=${network.clusterRange}`,
      "--allocate-node-cidrs",
      "--leader-elect=false",
      "--profiling=false",
    ],
    reads: certificates("kube-controller-manager"),
    ready: () => answers(`https://${loopback}:${ports.controllerManager}/healthz`),
    needsApi: true,
  },
  {
    name: "kube-scheduler",
    argv: (binaries) => [
      binaries["kube-scheduler"],
      `--kubeconfig=${paths.kubeconfig("kube-scheduler")}`,
      `--bind-address=${loopback}`,
      `--secure-port=${ports.scheduler}`,
      "--leader-elect=false",
      "--profiling=false",
    ],
    reads: certificates("kube-scheduler"),
    ready: () => answers(`https://${loopback}:${ports.scheduler}/healthz`),
    needsApi: true,
  },
  {
    name: "kubelet",
    argv: ({ kubelet }) => [
      kubelet,
      `--config=${paths.config("kubelet.yaml")}`,
      `--kubeconfig=${paths.kubeconfig("kubelet")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${network.nodeAddress}`,
      `--root-dir=${kubeletDir}`,
      `--cert-dir=${pki("kubelet")}`,
    ],
    reads: [...certificates("kubelet"), pki("kubelet-server.crt"), paths.config("kubelet.yaml")],
    ready: () => answers(`http://${loopback}:${ports.kubeletHealth}/healthz`),
    needsApi: true,
  },
  {
    name: "kube-proxy",
    argv: (binaries) => [binaries["kube-proxy"], `--config=${paths.config("kube-proxy.yaml")}`],
    reads: [...certificates("kube-proxy"), paths.config("kube-proxy.yaml")],
    ready: () => answers(`http://${loopback}:${ports.kubeProxyHealth}/healthz`),
    needsApi: true,
  },
  {
    name: "kube-router",
    argv: (binaries) => [
      binaries["kube-router"],
      `--kubeconfig=${paths.kubeconfig("kube-router")}`,
      `--hostname-override=${nodeName}`,
      "--run-firewall=true",
      "--run-router=false",
      "--run-service-proxy=false",
      "--run-loadbalancer=false",
      "--enable-cni=false",
      `--service-cluster-ip-range=${network.serviceRange}`,
      `--service-node-port-range=${network.nodePorts}`,
      `--health-port=${ports.kubeRouterHealth}`,
    ],
    reads: certificates("kube-router"),
    ready: () => answers(`http://${loopback}:${ports.kubeRouterHealth}/healthz`),
    needsApi: true,
    environment: { NODE_NAME: nodeName },
  },
  {
    name: "provisioner",
    argv: () => [
      process.execPath,
      "--import",
      pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href,
      join(projectRoot, "tools", "cluster", "provisioner.ts"),
      ...["--kubeconfig", paths.kubeconfig("provisioner"), "--volumes", paths.volumes(), "--node", nodeName],
      ...["--health-port", String(ports.provisionerHealth)],
    ],
    reads: certificates("provisioner"),
    ready: () => answers(`http://${loopback}:${ports.provisionerHealth}/healthz`),
    needsApi: true,
  },
];

/** Whether a kubectl call as the node's admin succeeds. */
export async function kubectlAnswers(kubectl: string, args: readonly string[]): Promise<boolean> {
  const options = { env: { PATH: "/usr/bin:/bin" }, timeoutMs: 3000 };
  return (await command([kubectl, "--kubeconfig", paths.kubeconfig("admin"), ...args], options)).code === 0;
}

function apiServerFlags(): readonly string[] {
  return [
    `--etcd-servers=http://${loopback}:${ports.etcd}`,
    `--bind-address=${network.nodeAddress}`,
    `--advertise-address=${network.nodeAddress}`,
    `--secure-port=${ports.apiServer}`,
    `--tls-cert-file=${pki("kube-apiserver.crt")}`,
    `--tls-private-key-file=${pki("kube-apiserver.key")}`,
    `--client-ca-file=${pki("ca.crt")}`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--allow-privileged=true",
    `--service-account-key-file=${pki("service-account.pub")}`,
    `--service-account-signing-key-file=${pki("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-cluster-ip-range=${network.serviceRange}`,
    `--service-node-port-range=${network.nodePorts}`,
    `--kubelet-certificate-authority=${pki("ca.crt")}`,
    `--kubelet-client-certificate=${pki("kubelet-client.crt")}`,
    `--kubelet-client-key=${pki("kubelet-client.key")}`,
    "--kubelet-preferred-address-types=InternalIP",
    `--audit-policy-file=${paths.config("audit-policy.yaml")}`,
    `--audit-log-path=${nodeDir("logs", "kubernetes-audit.log")}`,
    "--audit-log-maxage=30",
    "--audit-log-maxbackup=5",
    "--audit-log-maxsize=50",
    "--profiling=false",
  ];
}
