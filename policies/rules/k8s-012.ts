import { z } from "zod";
import { containersOf, metaOf, POD_TYPES, tenantNamespaces } from "../pods.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

/** Pods that an operator makes of what we write. */
const NIM_SERVICE = "kubernetes:apps.nvidia.com/v1alpha1:NIMService";
const RESOURCE_QUOTA = "kubernetes:core/v1:ResourceQuota";
const LIMIT_RANGE = "kubernetes:core/v1:LimitRange";

const amounts = z.object({
  cpu: z.union([z.string(), z.number()]).optional(),
  memory: z.union([z.string(), z.number()]).optional(),
});
const resources = z.object({ requests: amounts.default({}), limits: amounts.default({}) });
const container = z.object({ name: z.string(), resources: resources.optional() });
const nim = z.object({ spec: z.object({ resources: resources.optional() }) });

/** One busy container must not starve its neighbours, nor one tenant the others. */
export const k8s012: StackRule = {
  id: "K8S-012",
  subjects: [...POD_TYPES, NIM_SERVICE, RESOURCE_QUOTA, LIMIT_RANGE],
  *check(plan) {
    for (const resource of plan.ofType(...POD_TYPES, NIM_SERVICE)) yield* unbounded(resource);
    yield* namespaces(plan);
  },
};

function* unbounded({ urn, type, props }: PlanResource): Iterable<StackProblem> {
  const holders =
    type === NIM_SERVICE
      ? [{ name: "(of the NIM operator)", resources: nim.parse(props).spec.resources }]
      : containersOf(props).map((raw) => container.parse(raw));
  for (const { name, resources: { requests, limits } = { requests: {}, limits: {} } } of holders) {
    const missing = (["cpu", "memory"] as const).flatMap((what) => [
      ...(requests[what] === undefined ? [`requests.${what}`] : []),
      ...(limits[what] === undefined ? [`limits.${what}`] : []),
    ]);
    if (missing.length > 0) yield { urn, problem: `container ${name} lacks ${missing.join(", ")}` };
  }
}

function* namespaces(plan: Plan): Iterable<StackProblem> {
  for (const type of [RESOURCE_QUOTA, LIMIT_RANGE]) {
    const covered = new Set(plan.ofType(type).map(({ props }) => metaOf(props).namespace));
    const kind = type.slice(type.lastIndexOf(":") + 1);
    for (const { urn, name } of tenantNamespaces(plan)) {
      if (!covered.has(name)) yield { urn, problem: `namespace ${name} has no ${kind}` };
    }
  }
}
