import { metadataOf, ofKind, type PlannedResource, specOf } from "./plan.ts";

/** One peer of a NetworkPolicy rule. */
export interface Peer {
  readonly namespaceSelector?: unknown;
  readonly podSelector?: unknown;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

/** One rule: peers, ports. */
export interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
}

/** A NetworkPolicy as recorded. */
export interface WallSpec {
  readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** The NetworkPolicies of a namespace by name. */
export function wallsOf(plan: readonly PlannedResource[], namespace: string): Readonly<Record<string, WallSpec>> {
  const here = ofKind(plan, "NetworkPolicy").filter((policy) => metadataOf(policy).namespace === namespace);
  return Object.fromEntries(here.map((policy) => [metadataOf(policy).name, specOf<WallSpec>(policy)]));
}

/** The one NetworkPolicy of that name; an error where there is none. */
export function wallAt(plan: readonly PlannedResource[], namespace: string, name: string): WallSpec {
  const wall = wallsOf(plan, namespace)[name];
  if (wall === undefined) throw new Error(`no NetworkPolicy ${namespace}/${name}`);
  return wall;
}

/** Pods of one part in one namespace, as the rules must name them. */
export function podsOf(namespace: string, part: string, tenant?: string): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: {
      matchLabels: {
        "app.kubernetes.io/component": part,
        ...(tenant === undefined ? {} : { "breakwater.dev/tenant": tenant }),
      },
    },
  };
}

/** The cells of every tenant. */
export const CELLS: Peer = {
  namespaceSelector: { matchExpressions: [{ key: "breakwater.dev/tenant", operator: "Exists" }] },
  podSelector: { matchLabels: { "app.kubernetes.io/component": "cell" } },
};

/** The way to the cluster's name servers. */
export const DNS: Rule = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
  ],
  ports: [
    { port: 53, protocol: "UDP" },
    { port: 53, protocol: "TCP" },
  ],
};

/** One TCP port. */
export function tcp(port: number): Rule["ports"] {
  return [{ port, protocol: "TCP" }];
}

/** Whether an IPv4 address lies in a block such as `10.0.0.0/8`. */
export function contains(cidr: string, address: string): boolean {
  const [base = "", bits = "32"] = cidr.split("/");
  const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(base) / size) === Math.floor(number(address) / size);
}

/** Whether a rule's peers let packets go to an address of no pod that they select. */
export function reachesAddress(rules: readonly Rule[], address: string): boolean {
  return rules
    .flatMap(({ to = [] }) => to)
    .some(
      ({ ipBlock }) =>
        ipBlock !== undefined &&
        contains(ipBlock.cidr, address) &&
        !(ipBlock.except ?? []).some((except) => contains(except, address)),
    );
}
