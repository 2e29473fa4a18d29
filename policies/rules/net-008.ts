import { z } from "zod";
import { isWorld } from "../net-addresses.ts";
import { NETWORK_POLICY, type Peer, type Wall, type WallPort, wallOf } from "../net-walls.ts";
import type { PlanResource, Problems, StackRule } from "../rule.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const TENANT_LABEL = "breakwater.dev/tenant";

const namespace = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
});

/** HTTPS and mail, both in TLS from the first byte: the border's firewall reads the name in the greeting. */
const NAMED_BY_TLS = [443, 465];

/**
 * A way out that is not on a list is the way that data leaves by. NetworkPolicy knows no names, so that a way to the whole
 * internet passes only where the border's firewall decides by the name in the TLS greeting, and never from a tenant's
 * namespace or from an environment that has no internet.
 */
export const net008: StackRule = {
  id: "NET-008",
  subjects: [NETWORK_POLICY],
  *check(plan) {
    const tenants = tenantNamespaces(plan.ofType(NAMESPACE));
    for (const { urn, props } of plan.ofType(NETWORK_POLICY)) {
      const wall = wallOf(props);
      const closed = plan.facts.airGapped || tenants.has(wall.metadata.namespace);
      for (const problem of waysOut(wall, closed)) yield { urn, problem };
    }
  },
};

function tenantNamespaces(namespaces: readonly PlanResource[]): ReadonlySet<string> {
  const all = namespaces.map(({ props }) => namespace.parse(props).metadata);
  return new Set(all.filter(({ labels = {} }) => TENANT_LABEL in labels).map(({ name }) => name));
}

function* waysOut({ spec }: Wall, closed: boolean): Problems {
  for (const { to = [], ports = [] } of spec.egress ?? []) {
    if (to.length === 0) yield "an egress rule without `to` allows every destination";
    for (const peer of to) {
      const cidr = worldIn(peer);
      if (cidr === undefined) continue;
      if (closed) yield `egress to ${cidr}, where nothing may reach the internet`;
      else if (!namedByTls(ports)) yield `egress to ${cidr} at other ports than TCP ${NAMED_BY_TLS.join(" and ")}`;
    }
  }
}

function worldIn({ ipBlock }: Peer): string | undefined {
  return ipBlock !== undefined && isWorld(ipBlock.cidr) ? ipBlock.cidr : undefined;
}

function namedByTls(ports: readonly WallPort[]): boolean {
  const named = ({ protocol = "TCP", port, endPort = Number(port) }: WallPort): boolean =>
    protocol === "TCP" && NAMED_BY_TLS.includes(Number(port)) && endPort === Number(port);
  return ports.length > 0 && ports.every(named);
}
