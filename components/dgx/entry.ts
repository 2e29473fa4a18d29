import { ServicePatch } from "@pulumi/kubernetes/core/v1/servicePatch.js";
import type { Demand } from "../demand.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Entry } from "../platform.ts";
import { ADDRESS_POOL } from "./network.ts";
import { LOAD_BALANCER_CLASS } from "./operators.ts";

/**
 * An address of the company's network that MetalLB announces. Requests keep the address of who sent them, so that both
 * kube-proxy and the front door's NetworkPolicy can tell who may; another node's address would hide it.
 *
 * TLS ends before it, in the company's own load balancer: MetalLB forwards packets and knows no certificate.
 */
export function metalLbEntry({ entry, network }: Demand): Entry {
  const sources = entry.allowedCidrs.length > 0 ? entry.allowedCidrs : network.companyCidrs;
  return {
    type: "LoadBalancer",
    loadBalancerClass: LOAD_BALANCER_CLASS,
    annotations: { "metallb.io/address-pool": ADDRESS_POOL },
    peers: sources.map((cidr) => ({ ipBlock: { cidr } })),
    bind: (service, opts) => {
      new ServicePatch(
        "front-door-sources",
        {
          metadata: { name: service.metadata.name, namespace: PLATFORM_NAMESPACE },
          spec: { externalTrafficPolicy: "Local", loadBalancerSourceRanges: [...sources] },
        },
        { ...opts, dependsOn: [service] },
      );
    },
  };
}
