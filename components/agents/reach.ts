import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { COMPONENT_LABEL, type Part, selectorLabels, TENANT_LABEL } from "../labels.ts";
import { PLATFORM_NAMESPACE, tenantNamespace } from "../names.ts";

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

/** All that the pods of one part may reach and be reached by; both directions are closed but for the ways named. */
export function onlyWays(
  logicalName: string,
  args: {
    readonly namespace: string;
    readonly part: Part;
    readonly tenantId?: string;
    readonly from: readonly Way[];
    readonly to: readonly Way[];
  },
  opts: CustomResourceOptions,
): NetworkPolicy {
  return new NetworkPolicy(
    logicalName,
    {
      metadata: { name: args.part, namespace: args.namespace },
      spec: {
        podSelector: { matchLabels: selectorLabels(args.part, args.tenantId) },
        policyTypes: ["Ingress", "Egress"],
        ingress: args.from.map((way) => ({ from: [...way.peers], ports: port(way) })),
        egress: args.to.map((way) => ({ to: [...way.peers], ports: port(way) })),
      },
    },
    opts,
  );
}
