import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { ExistingCluster } from "./existing.ts";
import { METALLB_NAMESPACE } from "./operators.ts";

/** Link-local addresses: what hands out a machine's credentials, where anything does. */
const LINK_LOCAL_CIDR = "169.254.0.0/16";

/** Name of the pool of addresses, for the annotation of a Service. */
export const ADDRESS_POOL = "breakwater";

/** CoreDNS as every Kubernetes distribution labels it. */
export const clusterDns: input.networking.v1.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
  podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
};

/** The API server, which is no pod of the cluster's network. */
export function apiServerOf({ api_cidr }: ExistingCluster): readonly input.networking.v1.NetworkPolicyPeer[] {
  return [{ ipBlock: { cidr: api_cidr } }];
}

/** What a way to an address outside the cluster leaves out. */
export function internalCidrsOf({
  pod_cidr,
  service_cidr,
  api_cidr,
  load_balancer_cidr,
}: ExistingCluster): readonly string[] {
  return [pod_cidr, service_cidr, api_cidr, load_balancer_cidr, LINK_LOCAL_CIDR];
}

/** What the network of the platform needs. */
export interface NetworkArgs {
  readonly existing: ExistingCluster;
}

/**
 * The addresses that Services of the platform may have, announced in the nodes' own network. Only a Service that asks for
 * the pool gets one of it.
 *
 * Children: IPAddressPool, L2Advertisement. Needs MetalLB. Cost: none.
 */
export class Network extends Component {
  constructor(name: string, { existing }: NetworkArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Network", name, opts);
    const apiVersion = "metallb.io/v1beta1";
    const metadata = { name: ADDRESS_POOL, namespace: METALLB_NAMESPACE };
    const pool = new CustomResource(
      name,
      {
        apiVersion,
        kind: "IPAddressPool",
        metadata,
        spec: { addresses: [existing.load_balancer_cidr], autoAssign: false, avoidBuggyIPs: true },
      },
      this.child(),
    );
    new CustomResource(
      `${name}-announced`,
      { apiVersion, kind: "L2Advertisement", metadata, spec: { ipAddressPools: [ADDRESS_POOL] } },
      this.child(pool),
    );
    this.registerOutputs();
  }
}
