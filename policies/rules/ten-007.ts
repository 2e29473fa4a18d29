import { z } from "zod";
import { metaOf, POD_TYPES, podSpecOf, tenantNamespaces, tenantPods } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";

const pod = z.object({
  serviceAccountName: z.string().optional(),
  automountServiceAccountToken: z.boolean().optional(),
});
const release = z.object({ namespace: z.string().optional() });

/** All that a tenant runs. */
const TENANTS_OWN = ["cell", "sandbox"];

/**
 * What all tenants share must not stand where one of them is at home, and two parts with one identity are one part to
 * whoever takes over either. A part that has no token of the cluster has no identity to share.
 */
export const ten007: StackRule = {
  id: "TEN-007",
  subjects: [...POD_TYPES, RELEASE],
  *check(plan) {
    for (const { urn, home, component } of tenantPods(plan)) {
      if (TENANTS_OWN.includes(component ?? "")) continue;
      yield { urn, problem: `${component ?? "a pod of no component"} stands in the namespace of ${home.tenant}` };
    }
    const homes = tenantNamespaces(plan).map(({ name }) => name);
    for (const { urn, props } of plan.ofType(RELEASE)) {
      const { namespace = "default" } = release.parse(props);
      if (homes.includes(namespace)) yield { urn, problem: `a release stands in ${namespace}, which is a tenant's` };
    }
    yield* shared(plan);
  },
};

function* shared(plan: Plan): Iterable<StackProblem> {
  const taken = new Set<string>();
  for (const { urn, props } of plan.ofType(...POD_TYPES)) {
    const { serviceAccountName, automountServiceAccountToken } = pod.parse(podSpecOf(props));
    if (serviceAccountName === undefined && automountServiceAccountToken === false) continue;
    const identity = `${metaOf(props).namespace ?? "default"}/${serviceAccountName ?? "default"}`;
    if (taken.has(identity)) yield { urn, problem: `it shares the service account ${identity}` };
    taken.add(identity);
  }
}
