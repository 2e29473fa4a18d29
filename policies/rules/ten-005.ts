import { z } from "zod";
import { metaOf, tenantNamespaces } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const quota = z.object({
  spec: z.object({ hard: z.record(z.string(), z.union([z.string(), z.number()])).default({}) }),
});
const configMap = z.object({ data: z.record(z.string(), z.string()) });
const frontDoor = z.object({ tenants: z.array(z.object({ id: z.string(), max_agents: z.number() })) });

/**
 * Agents are OpenClaw's own, many in one cell, so that no quota of the cluster counts them: the front door does, which is
 * the only way to make one, by the `max_agents` of its settings. A quota of pods keeps a tenant from agents beside that.
 */
export const ten005: StackRule = {
  id: "TEN-005",
  subjects: ["kubernetes:core/v1:Namespace"],
  *check(plan) {
    const counted = new Set(
      plan
        .ofType("kubernetes:core/v1:ResourceQuota")
        .filter(({ props }) => quota.parse(props).spec.hard["pods"] !== undefined)
        .map(({ props }) => metaOf(props).namespace),
    );
    for (const { urn, name } of tenantNamespaces(plan)) {
      if (!counted.has(name)) yield { urn, problem: `namespace ${name} has no quota of pods` };
    }
    // Last, because the settings of the front door hold the database's address, which an update alone may know.
    yield* settings(plan);
  },
};

function* settings(plan: Plan): Iterable<StackProblem> {
  const files = plan
    .ofType("kubernetes:core/v1:ConfigMap")
    .filter(({ props }) => metaOf(props).labels["app.kubernetes.io/component"] === "front-door");
  if (files.length === 0) yield { problem: "no settings of a front door are planned" };
  for (const { urn, props } of files) {
    const { "settings.json": text } = configMap.parse(props).data;
    if (text === undefined) continue;
    const given = new Map(frontDoor.parse(JSON.parse(text)).tenants.map(({ id, max_agents }) => [id, max_agents]));
    for (const { id, maxAgents } of plan.facts.tenants) {
      const max = given.get(id);
      if (max !== maxAgents) yield { urn, problem: `max_agents of ${id} is ${max ?? "missing"}, not ${maxAgents}` };
    }
  }
}
