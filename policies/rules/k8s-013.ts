import type { Facts } from "@breakwater/runtime/settings";
import { z } from "zod";
import { metaOf, podLabelsOf, podSpecOf } from "../pods.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

const REPLICATED = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"] as const;
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";

const workload = z.object({ spec: z.object({ replicas: z.number().default(1) }) });
const term = z.object({ topologyKey: z.string() });
const pod = z.object({
  containers: z.array(
    z.object({ name: z.string(), livenessProbe: z.unknown().optional(), readinessProbe: z.unknown().optional() }),
  ),
  topologySpreadConstraints: z.array(term).default([]),
  affinity: z
    .object({
      podAntiAffinity: z
        .object({
          requiredDuringSchedulingIgnoredDuringExecution: z.array(term).default([]),
          preferredDuringSchedulingIgnoredDuringExecution: z.array(z.object({ podAffinityTerm: term })).default([]),
        })
        .optional(),
    })
    .optional(),
});
const budget = z.object({
  spec: z.object({ selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }) }),
});

/**
 * Two replicas on one machine, or behind a probe that is not there, fail together. Clouds have zones, and pods are spread
 * over them, by topologySpreadConstraints or by an anti-affinity; a DGX cluster stands in one room, where the machine takes
 * the zone's place; `local` is one machine.
 */
export const k8s013: StackRule = {
  id: "K8S-013",
  subjects: REPLICATED,
  *check(plan) {
    for (const resource of plan.ofType(...REPLICATED)) {
      if (workload.parse(resource.props).spec.replicas > 1) yield* problemsOf(resource, plan);
    }
  },
};

function* problemsOf({ urn, props }: PlanResource, plan: Plan): Iterable<StackProblem> {
  const spec = pod.parse(podSpecOf(props));
  for (const { name, ...probes } of spec.containers) {
    for (const probe of ["livenessProbe", "readinessProbe"] as const) {
      if (probes[probe] === undefined) yield { urn, problem: `container ${name} has no ${probe}` };
    }
  }
  if (!plan.ofType(BUDGET).some((candidate) => guards(candidate, props))) {
    yield { urn, problem: "no PodDisruptionBudget selects it" };
  }
  const keys = spreadOver(plan.facts);
  if (keys.length > 0 && !keysOf(spec).some((key) => keys.includes(key))) {
    yield { urn, problem: `its pods are not spread over ${keys.join(" or ")}` };
  }
}

/** By what its pods keep apart, be it a wish or a demand. */
function keysOf({ topologySpreadConstraints, affinity }: z.output<typeof pod>): readonly string[] {
  const {
    requiredDuringSchedulingIgnoredDuringExecution: demands = [],
    preferredDuringSchedulingIgnoredDuringExecution: wishes = [],
  } = affinity?.podAntiAffinity ?? {};
  const terms = [...topologySpreadConstraints, ...demands, ...wishes.map(({ podAffinityTerm }) => podAffinityTerm)];
  return terms.map(({ topologyKey }) => topologyKey);
}

function guards({ props }: PlanResource, guarded: PlanResource["props"]): boolean {
  const { matchLabels } = budget.parse(props).spec.selector;
  const labels = podLabelsOf(guarded);
  const selects = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return selects && metaOf(props).namespace === metaOf(guarded).namespace;
}

function spreadOver({ topology }: Facts): readonly string[] {
  if (topology === "local") return [];
  const zone = "topology.kubernetes.io/zone";
  return topology === "dgx" ? ["kubernetes.io/hostname", zone] : [zone];
}
