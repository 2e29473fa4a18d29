import { z } from "zod";
import { metaOf } from "../pods.ts";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const EKS = "aws:eks/cluster:Cluster";
const EKS_ENTRY = "aws:eks/accessEntry:AccessEntry";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";
const TKE_PERMISSIONS = "tencentcloud:index/kubernetesUserPermissions:KubernetesUserPermissions";

const eks = z.object({
  accessConfig: z
    .object({
      authenticationMode: z.string().optional(),
      bootstrapClusterCreatorAdminPermissions: z.boolean().optional(),
    })
    .default({}),
});
const ack = z.object({
  addons: z.array(z.object({ name: z.string(), disabled: z.boolean().optional() })).default([]),
});

/**
 * Who leaves the company must not keep a file that opens the cluster. EKS: access entries alone, none of them made in
 * passing. ACK: its RAM authenticator, without which its kubeconfigs are certificates. TKE: rights of named accounts.
 */
export const k8s016: StackRule = {
  id: "K8S-016",
  subjects: [EKS, ACK, TKE],
  *check(plan) {
    yield* ofEks(plan);
    for (const { urn, props } of plan.ofType(ACK)) {
      const { addons } = ack.parse(props);
      if (addons.some(({ name, disabled }) => name === "ack-ram-authenticator" && disabled !== true)) continue;
      yield { urn, problem: "addons lack ack-ram-authenticator" };
    }
    if (plan.ofType(TKE_PERMISSIONS).length > 0) return;
    for (const { urn } of plan.ofType(TKE)) {
      yield { urn, problem: "no KubernetesUserPermissions are planned, so that its certificate is all there is" };
    }
  },
};

function* ofEks(plan: Plan): Iterable<StackProblem> {
  for (const { urn, props } of plan.ofType(EKS)) {
    const { authenticationMode, bootstrapClusterCreatorAdminPermissions } = eks.parse(props).accessConfig;
    if (authenticationMode !== "API") yield { urn, problem: "accessConfig.authenticationMode is not API" };
    if (bootstrapClusterCreatorAdminPermissions !== false) {
      yield { urn, problem: "accessConfig.bootstrapClusterCreatorAdminPermissions is not false" };
    }
    if (plan.ofType(EKS_ENTRY).length === 0) yield { urn, problem: "no AccessEntry is planned" };
  }
  for (const { urn, props } of plan.ofType("kubernetes:core/v1:ConfigMap")) {
    const { name, namespace } = metaOf(props);
    if (namespace === "kube-system" && name === "aws-auth") yield { urn, problem: "aws-auth hands out access" };
  }
}
