import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { COMPONENT_LABEL, type Part, selectorLabels, TENANT_LABEL } from "../labels.ts";
import { operationsPort, PLATFORM_NAMESPACE, tenantNamespace } from "../names.ts";

type Peer = input.networking.v1.NetworkPolicyPeer;

/** One direction of one allowed way: these peers, this port. */
export interface Way {
  readonly peers: readonly Peer[];
  readonly port: number;
  readonly protocols?: readonly ("TCP" | "UDP")[];
}

/** Pods of a shared part. */
export function platformPeer(part: Exclude<Part, "cell" | "sandbox">): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": PLATFORM_NAMESPACE } },
    podSelector: { matchLabels: selectorLabels(part) },
  };
}

/** One tenant's cell or sandbox. */
export function tenantPeer(part: "cell" | "sandbox", tenantId: string): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": tenantNamespace(tenantId) } },
    podSelector: { matchLabels: selectorLabels(part, tenantId) },
  };
}

/** The cells of all tenants. */
export const everyCell: Peer = {
  namespaceSelector: { matchExpressions: [{ key: TENANT_LABEL, operator: "Exists" }] },
  podSelector: { matchLabels: { [COMPONENT_LABEL]: "cell" } },
};

/** To the second port of a service, where its metrics are; none where nobody reads them. */
export function scrapeWays(scrapers: readonly Peer[], port: number): readonly Way[] {
  return scrapers.length === 0 ? [] : [{ peers: scrapers, port: operationsPort(port) }];
}

/** Ports that API servers answer on: 443 at clouds, 6443 where kubeadm made the cluster. */
const API_SERVER_PORTS = [443, 6443];

/** To the cluster's own API server. */
export function apiServerWays(apiServer: readonly Peer[]): readonly Way[] {
  return API_SERVER_PORTS.map((port) => ({ peers: apiServer, port }));
}

/** Name look-ups, over both transports. */
export function dnsWay(dns: Peer): Way {
  return { peers: [dns], port: 53, protocols: ["UDP", "TCP"] };
}

function port({ port, protocols = ["TCP"] }: Way): input.networking.v1.NetworkPolicyPort[] {
  return protocols.map((protocol) => ({ port, protocol }));
}

/** Nothing in, nothing out, for every pod of a namespace that no other policy speaks for. */
export function defaultDeny(logicalName: string, namespace: string, opts: CustomResourceOptions): NetworkPolicy {
  return new NetworkPolicy(
    logicalName,
    {
      metadata: { name: "default-deny", namespace },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    opts,
  );
}

/** All that some pods of a namespace may reach and be reached by; both directions are closed but for the ways named. */
export interface WaysPolicyArgs {
  readonly namespace: string;
  /** Name of the policy. */
  readonly name: string;
  /** Labels of the pods. */
  readonly pods: Readonly<Record<string, string>>;
  readonly from: readonly Way[];
  readonly to: readonly Way[];
}

/** One policy that says all that some pods may do on the network. */
export function waysPolicy(logicalName: string, args: WaysPolicyArgs, opts: CustomResourceOptions): NetworkPolicy {
  return new NetworkPolicy(
    logicalName,
    {
      metadata: { name: args.name, namespace: args.namespace },
      spec: {
        podSelector: { matchLabels: { ...args.pods } },
        policyTypes: ["Ingress", "Egress"],
        ingress: args.from.map((way) => ({ from: [...way.peers], ports: port(way) })),
        egress: args.to.map((way) => ({ to: [...way.peers], ports: port(way) })),
      },
    },
    opts,
  );
}

/** {@link waysPolicy} for the pods of one part of the agents. */
export function onlyWays(
  logicalName: string,
  args: Omit<WaysPolicyArgs, "name" | "pods"> & { readonly part: Part; readonly tenantId?: string },
  opts: CustomResourceOptions,
): NetworkPolicy {
  const { part, tenantId, ...ways } = args;
  return waysPolicy(logicalName, { ...ways, name: part, pods: selectorLabels(part, tenantId) }, opts);
}
