import { z } from "zod";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const EKS = "aws:eks/cluster:Cluster";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";

const named = z.object({ addonName: z.string() });
const configured = z.object({ configurationValues: z.string().optional() });
const ack = z.object({
  addons: z.array(z.object({ name: z.string(), config: z.string().optional(), disabled: z.boolean().optional() })),
});
const release = z.object({ chart: z.string().optional() });

/**
 * Without an engine behind them, NetworkPolicies are accepted and do nothing. A cluster that is not ours to make (DGX, this
 * machine) is asked by a probe, not by its plan.
 */
export const net009: StackRule = {
  id: "NET-009",
  subjects: [EKS, ACK, TKE],
  *check(plan) {
    if (hasCilium(plan)) return;
    yield* onEks(plan);
    for (const { urn, props } of plan.ofType(ACK)) {
      const terway = ack
        .parse(props)
        .addons.find(({ name, disabled }) => name.startsWith("terway") && disabled !== true);
      if (!isOn(terway?.config, "NetworkPolicy"))
        yield { urn, problem: "no Terway add-on with NetworkPolicy true: policies are ignored" };
    }
    const tencent = plan.ofType("tencentcloud:index/kubernetesAddon:KubernetesAddon");
    const enforced = tencent.some(({ props }) => named.parse(props).addonName === "NetworkPolicy");
    for (const { urn } of enforced ? [] : plan.ofType(TKE))
      yield { urn, problem: "no NetworkPolicy add-on: policies are ignored" };
  },
};

function* onEks(plan: Plan): Iterable<StackProblem> {
  const addons = plan.ofType("aws:eks/addon:Addon").filter(({ props }) => named.parse(props).addonName === "vpc-cni");
  const values = addons.map(({ props }) => configured.parse(props).configurationValues);
  if (values.some((text) => isOn(text, "enableNetworkPolicy"))) return;
  for (const { urn } of plan.ofType(EKS))
    yield { urn, problem: "no vpc-cni add-on with enableNetworkPolicy true: policies are ignored" };
}

function hasCilium(plan: Plan): boolean {
  return plan
    .ofType("kubernetes:helm.sh/v3:Release")
    .some(({ props }) => /(^|\/)cilium$/.test(release.parse(props).chart ?? ""));
}

function isOn(config: string | undefined, field: string): boolean {
  const values = z.record(z.string(), z.unknown()).parse(JSON.parse(config ?? "{}"));
  return String(values[field]) === "true";
}
