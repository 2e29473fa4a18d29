import { z } from "zod";
import { grouped } from "../grouped.ts";
import type { PlanResource, StackRule } from "../rule.ts";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const TENANT_LABEL = "breakwater.dev/tenant";

const labels = z.record(z.string(), z.string());
const namespace = z.object({ metadata: z.object({ name: z.string(), labels: labels.optional() }) });
const networkPolicy = z.object({
  metadata: z.object({ namespace: z.string() }),
  spec: z.object({
    podSelector: z
      .object({ matchLabels: labels.optional(), matchExpressions: z.array(z.unknown()).optional() })
      .optional(),
    policyTypes: z.array(z.string()).optional(),
    ingress: z.array(z.unknown()).optional(),
    egress: z.array(z.unknown()).optional(),
  }),
});

type Spec = z.infer<typeof networkPolicy>["spec"];

/** Without it, every pod of a tenant reaches every other tenant's until somebody thinks of forbidding it. */
export const net007: StackRule = {
  id: "NET-007",
  subjects: [NAMESPACE],
  *check(plan) {
    const policies = grouped(
      plan.ofType(NETWORK_POLICY).map(({ props }) => networkPolicy.parse(props)),
      ({ metadata }) => metadata.namespace,
    );
    for (const { urn, name } of tenantNamespaces(plan.ofType(NAMESPACE))) {
      const specs = (policies.get(name) ?? []).map(({ spec }) => spec);
      for (const direction of ["Ingress", "Egress"] as const) {
        if (!specs.some((spec) => denies(spec, direction))) {
          yield { urn, problem: `namespace ${name} has no default-deny for ${direction}` };
        }
      }
    }
  },
};

function tenantNamespaces(namespaces: readonly PlanResource[]): readonly { urn: string; name: string }[] {
  return namespaces
    .map(({ urn, props }) => ({ urn, ...namespace.parse(props).metadata }))
    .filter((candidate) => candidate.labels?.[TENANT_LABEL] !== undefined);
}

function denies(spec: Spec, direction: "Ingress" | "Egress"): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec.podSelector ?? {};
  const everyPod = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  const rules = direction === "Ingress" ? spec.ingress : spec.egress;
  return everyPod && (spec.policyTypes ?? []).includes(direction) && (rules ?? []).length === 0;
}
