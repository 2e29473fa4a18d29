import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Demand } from "../demand.ts";
import { serviceCidr } from "./zones.ts";

/** Where the agent answers that gives pods their identity, on every node (EKS user guide, remembered). */
export const POD_IDENTITY_AGENT = "169.254.170.23/32";

/** Link-local addresses: the metadata service hands out the node's credentials there. */
const LINK_LOCAL = "169.254.0.0/16";

/** CoreDNS as EKS labels it. */
export const clusterDns: input.networking.v1.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/**
 * The API server as pods reach it: the control plane's cards are in the data subnets, and the first address of Services
 * leads there. The plugin's filter sees packets before that address is exchanged, so that both must be named.
 */
export function apiServerPeers(
  demand: Pick<Demand, "network">,
  data: readonly string[],
): readonly input.networking.v1.NetworkPolicyPeer[] {
  const service = `${serviceCidr(demand).replace(/0\/16$/, "1")}/32`;
  return [service, ...data].map((cidr) => ({ ipBlock: { cidr } }));
}

/** What the router's way to an outside model leaves out. */
export function internalRanges(demand: Pick<Demand, "network">): readonly string[] {
  return [demand.network.cidr, serviceCidr(demand), LINK_LOCAL, ...demand.network.companyCidrs];
}
