import { grouped } from "../grouped.ts";
import { podLabelsOf, TENANT_LABEL, tenantNamespaces, tenantPods } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

/**
 * A wall between tenants holds only if each thing is one tenant's. What a tenant has of its own here: a namespace and one
 * cell in it, whose volume is the tenant's store of conversations and memory. The shared database knows of tenants only
 * who they are and what they have spent; no pod of a tenant gets to it (TEN-004). No pod of a tenant has an identity
 * towards the cluster (K8S-010), so that there is no service account to share.
 */
export const ten001: StackRule = {
  id: "TEN-001",
  subjects: ["kubernetes:core/v1:Namespace"],
  *check(plan) {
    yield* namespaces(plan);
    yield* cells(plan);
    for (const { urn, home, props } of tenantPods(plan)) {
      const tenant = podLabelsOf(props)[TENANT_LABEL];
      if (tenant !== home.tenant)
        yield { urn, problem: `a pod of ${tenant ?? "nobody"} in the namespace of ${home.tenant}` };
    }
  },
};

function* namespaces(plan: Plan): Iterable<StackProblem> {
  const homes = tenantNamespaces(plan);
  const byTenant = grouped(homes, ({ tenant }) => tenant);
  const known = new Set(plan.facts.tenants.map(({ id }) => id));
  for (const { id } of plan.facts.tenants) {
    const own = byTenant.get(id) ?? [];
    if (own.length !== 1) yield { problem: `tenant ${id} has ${own.length} namespaces` };
  }
  for (const { urn, name, tenant } of homes) {
    if (!known.has(tenant)) yield { urn, problem: `namespace ${name} is of ${tenant}, who is no tenant` };
  }
}

function* cells(plan: Plan): Iterable<StackProblem> {
  const all = tenantPods(plan).filter(({ component }) => component === "cell");
  const byNamespace = grouped(all, ({ home }) => home.name);
  for (const { urn, name } of tenantNamespaces(plan)) {
    const own = byNamespace.get(name) ?? [];
    if (own.length !== 1) yield { urn, problem: `namespace ${name} has ${own.length} cells` };
  }
}
