import { z } from "zod";
import { NETWORK_POLICY, type Peer, selects, type Wall, wallOf } from "../net-walls.ts";
import { POD_TYPES } from "../pods.ts";
import type { PlanResource, Problems, StackRule } from "../rule.ts";

const NIM_SERVICE = "kubernetes:apps.nvidia.com/v1alpha1:NIMService";

const labels = z.record(z.string(), z.string());
const workload = z.object({
  metadata: z.object({ namespace: z.string(), labels: labels.optional() }),
  spec: z.object({
    template: z.object({ metadata: z.object({ labels: labels.optional() }).optional() }).optional(),
    /** Of a NIMService: what its pods are labelled with. */
    labels: labels.optional(),
  }),
});

const MODEL_SERVER = "model-server";
const COMPONENT = "app.kubernetes.io/component";

const ROUTER = { [COMPONENT]: "router" };
const PLATFORM = { "kubernetes.io/metadata.name": "breakwater" };

/**
 * A model server asks nobody who they are: whoever reaches it goes around budgets, screening and audit. The router alone
 * may; where models stand inside is where nothing may leave, or on the company's own machines.
 */
export const llm010: StackRule = {
  id: "LLM-010",
  applies: ({ topology, airGapped }) => topology === "dgx" || airGapped,
  subjects: [NIM_SERVICE, ...POD_TYPES],
  *check(plan) {
    const walls = plan.ofType(NETWORK_POLICY).map(({ props }) => wallOf(props));
    for (const server of plan.ofType(NIM_SERVICE, ...POD_TYPES)) {
      const pods = podsOf(server);
      if (pods === undefined) continue;
      for (const problem of openings(pods, walls)) yield { urn: server.urn, problem };
    }
  },
};

interface Pods {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of a model server; nothing for what is none. */
function podsOf({ type, props }: PlanResource): Pods | undefined {
  // A bare Pod and a CronJob carry their labels elsewhere, and serve no model here.
  if (type.endsWith(":Pod") || type.endsWith(":CronJob")) return undefined;
  const { metadata, spec } = workload.parse(props);
  const own = spec.template?.metadata?.labels ?? spec.labels ?? {};
  if (own[COMPONENT] !== MODEL_SERVER && metadata.labels?.[COMPONENT] !== MODEL_SERVER) return undefined;
  return { namespace: metadata.namespace, labels: own };
}

function* openings({ namespace, labels: own }: Pods, walls: readonly Wall[]): Problems {
  const around = walls.filter(
    ({ metadata, spec }) =>
      metadata.namespace === namespace &&
      (spec.policyTypes ?? ["Ingress"]).includes("Ingress") &&
      selects(spec.podSelector, own),
  );
  if (around.length === 0) yield "no NetworkPolicy limits who reaches the model server";
  for (const { from = [] } of around.flatMap(({ spec }) => spec.ingress ?? [])) {
    if (from.length === 0) yield "a NetworkPolicy lets everybody reach the model server";
    if (!from.every(isRouter)) yield "a NetworkPolicy lets others than the router reach the model server";
  }
}

function isRouter({ ipBlock, namespaceSelector, podSelector }: Peer): boolean {
  return (
    ipBlock === undefined && holds(namespaceSelector?.matchLabels, PLATFORM) && holds(podSelector?.matchLabels, ROUTER)
  );
}

function holds(asked: Readonly<Record<string, string>> | undefined, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => asked?.[key] === value);
}
