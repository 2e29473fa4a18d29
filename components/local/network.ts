import { refuse } from "@breakwater/runtime/problems";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Entry } from "../platform.ts";

/** The bridge address that the local node's API server advertises, and the pods' and services' ranges (tools/cluster). */
const NODE_CIDR = "10.200.0.0/24";
export const POD_CIDR = "10.244.0.0/16";
const SERVICE_CIDR = "10.96.0.0/16";

/** Link-local addresses: cloud metadata services hand out node credentials there. */
const LINK_LOCAL_CIDR = "169.254.0.0/16";

/** CoreDNS as every Kubernetes distribution labels it. */
export const clusterDns: input.networking.v1.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The API server listens on the node itself. */
export const apiServer: readonly input.networking.v1.NetworkPolicyPeer[] = [{ ipBlock: { cidr: NODE_CIDR } }];

/** Ports that the local node's API server gives to Services (tools/cluster/node/layout.ts). */
const NODE_PORTS = { from: 18_000, to: 18_999 };

/** A port of the node's loopback address; forwarded requests carry the node's own address on the pods' bridge. @throws ProblemError `deployment/port-out-of-range` */
export function nodePortEntry(nodePort: number): Entry {
  if (nodePort < NODE_PORTS.from || nodePort > NODE_PORTS.to) {
    refuse({
      code: "deployment/port-out-of-range",
      path: "front_door.port",
      got: String(nodePort),
      expected: `${NODE_PORTS.from} to ${NODE_PORTS.to} on the local topology`,
      remedy: "choose a port of that range",
    });
  }
  return {
    type: "NodePort",
    nodePort,
    peers: [{ ipBlock: { cidr: "10.244.0.1/32" } }, { ipBlock: { cidr: NODE_CIDR } }],
  };
}

/** What the router's way to an outside model leaves out. */
export const internalCidrs: readonly string[] = [NODE_CIDR, POD_CIDR, SERVICE_CIDR, LINK_LOCAL_CIDR];
