import type { ClusterKind } from "./types.ts";

/** What decides which cluster is used. */
export interface SelectionFacts {
  /** BREAKWATER_CLUSTER. */
  readonly forced: string | undefined;
  /** KUBECONFIG. */
  readonly kubeconfig: string | undefined;
  /** Kubeconfig of our own node; pointing KUBECONFIG at it is still our node. */
  readonly nodeKubeconfig: string;
  readonly hasKind: boolean;
  readonly dockerAnswers: boolean;
}

export interface Selection {
  readonly kind: ClusterKind;
  readonly reason: string;
}

/** The first that fits: forced, the user's cluster, kind, our own node. */
export function selectCluster(facts: SelectionFacts): Selection {
  const { forced, kubeconfig, nodeKubeconfig, hasKind, dockerAnswers } = facts;
  if (forced === "node") return { kind: "node", reason: "BREAKWATER_CLUSTER=node" };
  if (kubeconfig === nodeKubeconfig) return { kind: "node", reason: "KUBECONFIG is the one of Breakwater's own node" };
  if (kubeconfig) return { kind: "kubeconfig", reason: `KUBECONFIG=${kubeconfig}` };
  if (hasKind && dockerAnswers) return { kind: "kind", reason: "kind is on PATH and a Docker engine answers" };
  const why = hasKind ? "no Docker engine answers" : "kind is not on PATH";
  return { kind: "node", reason: `KUBECONFIG is not set and ${why}` };
}
