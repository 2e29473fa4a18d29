import type { input } from "@pulumi/kubernetes/types/index.js";
import { outsideWays } from "../agents/outside.ts";
import { apiServerWays, dnsWay, platformPeer, type Way } from "../agents/reach.ts";
import { FRONT_DOOR_PORT, operationsPort, ROUTER_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { VAULT_METRICS_PORT, VAULT_NAMESPACE } from "../vault/names.ts";
import { MONITORING_NAMESPACE, type MonitoringPart, POD_LABELS, PORTS } from "./names.ts";
import { DCGM } from "./scrapes.ts";

type Peer = input.networking.v1.NetworkPolicyPeer;

/** What the walls of this namespace depend on. */
export interface WallsArgs {
  readonly platform: Platform;
  /** Ranges that have the nodes' addresses, for their kubelets. */
  readonly nodeCidrs: readonly string[];
  readonly gpu: boolean;
  readonly vault: boolean;
  /** TCP ports at which certificates are probed; empty: there is no prober. */
  readonly probedPorts: readonly number[];
  /** Port of the mail server; undefined: nobody is mailed. */
  readonly smtpPort: number | undefined;
}

const KUBELET_PORT = 10_250;

/** Prometheus as the parts that it reads must let it in. */
export const prometheusPeer: Peer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": MONITORING_NAMESPACE } },
  podSelector: { matchLabels: POD_LABELS.prometheus },
};

/** The ways of each part, both directions; whatever is not here is closed. */
export function monitoringWays(args: WallsArgs): Readonly<Partial<Record<MonitoringPart, Ways>>> {
  const { platform, probedPorts, smtpPort } = args;
  const dns = dnsWay(platform.dns);
  const api = apiServerWays(platform.apiServer);
  const fromPrometheus = (part: MonitoringPart): Way => ({ peers: [own("prometheus")], port: PORTS[part] });
  const mail = smtpPort === undefined ? [] : outsideWays(platform, [smtpPort]);
  return {
    prometheus: {
      from: [{ peers: [own("grafana"), own("prometheus")], port: PORTS.prometheus }],
      to: [dns, ...api, ...readByPrometheus(args)],
    },
    alertmanager: { from: [fromPrometheus("alertmanager")], to: mail.length === 0 ? [] : [dns, ...mail] },
    grafana: { from: [], to: [dns, { peers: [own("prometheus")], port: PORTS.prometheus }] },
    "kube-state-metrics": { from: [fromPrometheus("kube-state-metrics")], to: [dns, ...api] },
    "prometheus-operator": { from: [fromPrometheus("prometheus-operator")], to: [dns, ...api] },
    ...(probedPorts.length === 0
      ? {}
      : { prober: { from: [fromPrometheus("prober")], to: [dns, ...anywhere(platform, probedPorts)] } }),
  };
}

/** What may be said to a part, and by it. */
export interface Ways {
  readonly from: readonly Way[];
  readonly to: readonly Way[];
}

function readByPrometheus({ nodeCidrs, gpu, vault, probedPorts }: WallsArgs): readonly Way[] {
  const parts: readonly MonitoringPart[] = ["prometheus", "alertmanager", "kube-state-metrics", "prometheus-operator"];
  return [
    ...[...parts, ...(probedPorts.length === 0 ? [] : ["prober" as const])].map(
      (part): Way => ({ peers: [own(part)], port: PORTS[part] }),
    ),
    { peers: [platformPeer("front-door")], port: operationsPort(FRONT_DOOR_PORT) },
    { peers: [platformPeer("router")], port: operationsPort(ROUTER_PORT) },
    { peers: nodeCidrs.map((cidr) => ({ ipBlock: { cidr } })), port: KUBELET_PORT },
    ...(vault ? [{ peers: [everyPodOf(VAULT_NAMESPACE)], port: VAULT_METRICS_PORT }] : []),
    ...(gpu ? [{ peers: [everyPodOf(DCGM.namespace, { [DCGM.label]: DCGM.value })], port: DCGM.port }] : []),
  ];
}

/** The prober meets the load balancer at its address, which may be the network's own. */
function anywhere({ outsideCidrs }: Pick<Platform, "outsideCidrs">, ports: readonly number[]): readonly Way[] {
  const peers = outsideCidrs?.map((cidr) => ({ ipBlock: { cidr } })) ?? [
    { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } },
  ];
  return [...new Set(ports)].sort((a, b) => a - b).map((port) => ({ peers, port }));
}

function own(part: MonitoringPart): Peer {
  return { podSelector: { matchLabels: POD_LABELS[part] } };
}

function everyPodOf(namespace: string, labels: Readonly<Record<string, string>> = {}): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: Object.keys(labels).length === 0 ? {} : { matchLabels: { ...labels } },
  };
}
