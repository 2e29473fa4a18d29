import type { PlannedResource } from "../plan/recorder.ts";
import { at, kindOf, listAt, namespaceOf, objectName, textAt } from "./view.ts";

/** Somebody who can talk, or be talked to. */
export interface Party {
  /** `<place>/<who>`, stable. */
  readonly id: string;
  /** Namespace; `tenant` stands for that of each tenant, and empty for what is outside of the cluster. */
  readonly place: string;
  readonly who: string;
}

/** One permission of the plan's NetworkPolicies: nothing else may talk. */
export interface Flow {
  readonly from: string;
  readonly to: string;
  /** `TCP 8080`, sorted; empty is every port. */
  readonly ports: readonly string[];
  /** URNs of the policies that say so. */
  readonly policies: readonly string[];
  /** Which ends allow it. Where both ends have policies, only `both` is open. */
  readonly said: "both" | "sender" | "receiver";
}

/** Who may talk to whom. */
export interface Flows {
  readonly parties: readonly Party[];
  readonly flows: readonly Flow[];
}

interface Rule {
  readonly from: Party;
  readonly to: Party;
  readonly ports: readonly string[];
  readonly urn: string;
  readonly side: "sender" | "receiver";
}

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/**
 * Reads who may talk to whom off the NetworkPolicies and workloads of a plan. Pure. The namespaces of tenants are one
 * party each kind, because their policies are alike; a policy that names another tenant than its own shows as such.
 */
export function flowsOf(plan: readonly PlannedResource[]): Flows {
  const policies = plan.filter((resource) => kindOf(resource) === "NetworkPolicy");
  const rules = policies.flatMap(rulesOf);
  const parties = new Map<string, Party>();
  for (const { from, to } of rules) {
    parties.set(from.id, from);
    parties.set(to.id, to);
  }
  for (const workload of plan.filter((resource) => WORKLOADS.has(kindOf(resource)))) {
    const labels = at(workload.inputs, "spec", "template", "metadata", "labels");
    const own = party(placeOf(namespaceOf(workload)), whoOf(labels) || objectName(workload));
    parties.set(own.id, own);
  }
  const byId = (a: Party, b: Party) => (a.id < b.id ? -1 : 1);
  return { parties: [...parties.values()].sort(byId), flows: merged(rules) };
}

function merged(rules: readonly Rule[]): readonly Flow[] {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules) {
    const key = `${rule.from.id}\0${rule.to.id}\0${rule.ports.join()}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group;
      if (first === undefined) return [];
      const sides = new Set(group.map(({ side }) => side));
      return {
        from: first.from.id,
        to: first.to.id,
        ports: first.ports,
        policies: [...new Set(group.map(({ urn }) => urn))].sort(),
        said: sides.size === 2 ? ("both" as const) : first.side,
      };
    });
}

function rulesOf(policy: PlannedResource): readonly Rule[] {
  const namespace = namespaceOf(policy);
  const { inputs, urn } = policy;
  const own = party(placeOf(namespace), whoOf(at(inputs, "spec", "podSelector", "matchLabels")) || "*");
  const outward = listAt(inputs, "spec", "egress").flatMap((rule) =>
    peersOf(rule, "to", namespace).map((to) => ({ from: own, to, ports: portsOf(rule), urn, side: "sender" as const })),
  );
  const inward = listAt(inputs, "spec", "ingress").flatMap((rule) =>
    peersOf(rule, "from", namespace).map((from) => ({
      from,
      to: own,
      ports: portsOf(rule),
      urn,
      side: "receiver" as const,
    })),
  );
  return [...outward, ...inward];
}

/** The peers of one rule. A rule that names none means everybody. Ranges of addresses of one rule are one party. */
function peersOf(rule: unknown, side: "to" | "from", namespace: string): readonly Party[] {
  const peers = listAt(rule, side);
  if (peers.length === 0) return [party("", "everybody")];
  const ranges = peers.flatMap((peer) => textAt(peer, "ipBlock", "cidr") || []);
  const pods = peers.filter((peer) => at(peer, "ipBlock") === undefined).map((peer) => podsOf(peer, namespace));
  if (ranges.length === 0) return pods;
  return [...pods, party("", ranges.includes("0.0.0.0/0") ? "internet" : [...ranges].sort().join(", "))];
}

function podsOf(peer: unknown, namespace: string): Party {
  const who = whoOf(at(peer, "podSelector", "matchLabels")) || "*";
  const selector = at(peer, "namespaceSelector");
  if (selector === undefined) return party(placeOf(namespace), who);
  const named = textAt(selector, "matchLabels", "kubernetes.io/metadata.name");
  if (named === "") {
    const keys = listAt(selector, "matchExpressions").map((expression) => textAt(expression, "key"));
    const tenant = textAt(selector, "matchLabels", "breakwater.dev/tenant");
    return party(keys.includes("breakwater.dev/tenant") || tenant !== "" ? "tenant" : "*", who);
  }
  const foreign = placeOf(named) === "tenant" && placeOf(namespace) === "tenant" && named !== namespace;
  return party(foreign ? named : placeOf(named), who);
}

function portsOf(rule: unknown): readonly string[] {
  return listAt(rule, "ports")
    .map((port) => `${textAt(port, "protocol") || "TCP"} ${String(at(port, "port") ?? "*")}`)
    .sort();
}

const NAMING_LABELS = [
  "app.kubernetes.io/component",
  "breakwater.dev/part",
  "app.kubernetes.io/name",
  "k8s-app",
] as const;

function whoOf(labels: unknown): string {
  const named = NAMING_LABELS.map((label) => textAt(labels, label)).find((value) => value !== "");
  if (named !== undefined) return named;
  return typeof labels === "object" && labels !== null ? Object.values(labels).map(String).sort().join(" ") : "";
}

function placeOf(namespace: string): string {
  return namespace.startsWith("tenant-") ? "tenant" : namespace;
}

function party(place: string, who: string): Party {
  return { id: `${place}/${who}`, place, who };
}
