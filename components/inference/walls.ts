import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { dnsWay, platformPeer, type Way } from "../agents/reach.ts";
import { INFERENCE_NAMESPACE, MODEL_MIRROR_APP, MODEL_PORT } from "./served-model.ts";

/** Label `app` of the pods in which the NIM operator fetches models (nimcache_controller.go, read 2026-11-24). */
const NIM_CACHE_APP = "k8s-nim-operator";

/** The model servers, for the model router's NetworkPolicy. */
export const modelServers: input.networking.v1.NetworkPolicyPeer = {
  namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": INFERENCE_NAMESPACE } },
};

/** The model router reaches every model server, nobody else does, and no model server reaches anything. */
export function onlyTheRouter(name: string, opts: CustomResourceOptions): NetworkPolicy {
  return new NetworkPolicy(
    name,
    {
      metadata: { name: "model-servers", namespace: INFERENCE_NAMESPACE },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [platformPeer("router")], ports: [{ port: MODEL_PORT, protocol: "TCP" }] }],
        egress: [],
      },
    },
    opts,
  );
}

/** The pods that fetch weights reach the mirrors and DNS; servers are others. */
export function mirrorWays(
  name: string,
  { dns, ways }: { readonly dns: input.networking.v1.NetworkPolicyPeer; readonly ways: readonly Way[] },
  opts: CustomResourceOptions,
): NetworkPolicy {
  return new NetworkPolicy(
    name,
    {
      metadata: { name: "model-mirrors", namespace: INFERENCE_NAMESPACE },
      spec: {
        podSelector: {
          matchExpressions: [{ key: "app", operator: "In", values: [NIM_CACHE_APP, MODEL_MIRROR_APP] }],
        },
        policyTypes: ["Egress"],
        egress: [dnsWay(dns), ...ways].map(({ peers, port, protocols = ["TCP"] }) => ({
          to: [...peers],
          ports: protocols.map((protocol) => ({ port, protocol })),
        })),
      },
    },
    opts,
  );
}
