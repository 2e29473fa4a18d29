import { z } from "zod";
import type { Plan, StackProblem, StackRule } from "../rule.ts";

const RBAC = "kubernetes:rbac.authorization.k8s.io/v1";
const ROLES = [`${RBAC}:ClusterRole`, `${RBAC}:Role`] as const;
const BINDINGS = [`${RBAC}:ClusterRoleBinding`, `${RBAC}:RoleBinding`] as const;
const EKS_POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const ACK_PERMISSION = "alicloud:cs/kubernetesPermission:KubernetesPermission";
const TKE_PERMISSIONS = "tencentcloud:index/kubernetesUserPermissions:KubernetesUserPermissions";

const role = z.object({
  rules: z
    .array(
      z.object({
        verbs: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        apiGroups: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
const binding = z.object({
  roleRef: z.object({ name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});
const eksPolicy = z.object({ policyArn: z.string(), accessScope: z.object({ type: z.string() }) });
/** Of ACK and of TKE. */
const permissions = z.object({
  permissions: z.array(z.object({ roleName: z.string(), roleType: z.string() })).default([]),
});

/** Groups of Kubernetes itself that are no few people. */
const EVERYBODY = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

/**
 * Who may do everything is who an attacker wants to be. One binding of the whole cluster may exist, for people in an
 * emergency: a group of Kubernetes, or one identity of the cloud (on EKS an access entry, because the account that makes
 * the cluster has no rights in it here). Workloads never.
 */
export const k8s011: StackRule = {
  id: "K8S-011",
  subjects: [...ROLES, ...BINDINGS, EKS_POLICY, ACK_PERMISSION, TKE_PERMISSIONS],
  *check(plan) {
    for (const { urn, props } of plan.ofType(...ROLES)) {
      for (const field of ["verbs", "resources", "apiGroups"] as const) {
        if (role.parse(props).rules.some((rule) => rule[field].includes("*"))) {
          yield { urn, problem: `a rule's ${field} has *` };
        }
      }
    }
    yield* workloads(plan);
    const [, ...more] = administrators(plan);
    for (const urn of more) yield { urn, problem: "a second binding of the whole cluster's administration" };
  },
};

function* workloads(plan: Plan): Iterable<StackProblem> {
  for (const { urn, props } of plan.ofType(...BINDINGS)) {
    const { roleRef, subjects } = binding.parse(props);
    if (roleRef.name !== "cluster-admin") continue;
    for (const { kind, name } of subjects) {
      if (kind !== "Group" || EVERYBODY.some((group) => name.startsWith(group))) {
        yield { urn, problem: `cluster-admin is bound to ${kind} ${name}` };
      }
    }
  }
}

function administrators(plan: Plan): readonly string[] {
  const bound = plan.ofType(...BINDINGS).filter(({ props }) => binding.parse(props).roleRef.name === "cluster-admin");
  const eks = plan.ofType(EKS_POLICY).filter(({ props }) => {
    const { policyArn, accessScope } = eksPolicy.parse(props);
    return policyArn.endsWith("/AmazonEKSClusterAdminPolicy") && accessScope.type === "cluster";
  });
  const ack = plan
    .ofType(ACK_PERMISSION)
    .filter(({ props }) =>
      permissions.parse(props).permissions.some((one) => one.roleName === "admin" && one.roleType !== "namespace"),
    );
  const tke = plan
    .ofType(TKE_PERMISSIONS)
    .filter(({ props }) =>
      permissions.parse(props).permissions.some((one) => one.roleName === "tke:admin" && one.roleType === "cluster"),
    );
  return [...bound, ...eks, ...ack, ...tke].map(({ urn }) => urn);
}
