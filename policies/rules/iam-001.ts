import { z } from "zod";
import { statementsOf } from "../access-documents.ts";
import { isCloud } from "../audit-days.ts";
import { each, ifKnown } from "../known.ts";
import { containersOf, POD_TYPES } from "../pods.ts";
import type { Plan, PlanResource, StackProblem, StackRule } from "../rule.ts";

const EKS = "aws:eks/cluster:Cluster";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const OIDC = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const ACK = "alicloud:cs/managedKubernetes:ManagedKubernetes";
const TKE = "tencentcloud:index/kubernetesCluster:KubernetesCluster";
const TKE_OIDC = "tencentcloud:index/kubernetesAuthAttachment:KubernetesAuthAttachment";

/** Roles and the field of each that says who may become it. */
const TRUSTS: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "assumeRolePolicy",
  "alicloud:ram/role:Role": "assumeRolePolicyDocument",
  "tencentcloud:index/camRole:CamRole": "document",
};

/** Variables in which the clouds' libraries look for a key that never ends. */
const STATIC_KEYS =
  /^(AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)|(ALIBABA_CLOUD|ALICLOUD)_(ACCESS_KEY|ACCESS_KEY_ID|ACCESS_KEY_SECRET|SECRET_KEY)|TENCENTCLOUD_SECRET_(ID|KEY))$/;

const ack = z.object({ enableRrsa: z.boolean().optional() });
const tke = z.object({ autoCreateOidcConfig: z.boolean().optional() });
const container = z.object({ name: z.string(), env: z.array(z.unknown()).optional() });
const variable = z.object({ name: z.string() });

/**
 * A key in a pod outlives the pod and works from anywhere. Looks at the cluster's way of telling the cloud which
 * ServiceAccount asks, at variables of pods, and at roles for federated identities, which must name the ServiceAccount.
 */
export const iam001: StackRule = {
  id: "IAM-001",
  subjects: [EKS, ACK, TKE, ...POD_TYPES],
  applies: isCloud,
  *check(plan) {
    yield* withoutIdentity(plan);
    yield* each(plan.ofType(...POD_TYPES), staticKeys);
    // Without a provider of identities AWS has no federated ones, and pod identities are bound by their association.
    const types = Object.keys(TRUSTS).filter((type) => !type.startsWith("aws:") || plan.ofType(OIDC).length > 0);
    yield* each(plan.ofType(...types), anyServiceAccount);
  },
};

function* withoutIdentity(plan: Plan): Iterable<StackProblem> {
  for (const { urn } of plan.ofType(EKS)) {
    if (plan.ofType(ASSOCIATION, OIDC).length === 0)
      yield { urn, problem: "no pod identity is associated with the cluster" };
  }
  for (const { urn, props } of plan.ofType(ACK)) {
    if (ack.parse(props).enableRrsa !== true) yield { urn, problem: "enableRrsa is not true" };
  }
  const bound = plan.ofType(TKE_OIDC).some(({ props }) => tke.parse(props).autoCreateOidcConfig === true);
  if (bound) return;
  for (const { urn } of plan.ofType(TKE)) yield { urn, problem: "the cluster has no autoCreateOidcConfig" };
}

function* staticKeys({ urn, props }: PlanResource): Iterable<StackProblem> {
  for (const raw of containersOf(props)) {
    // What a container runs may be unknown while its variables are not.
    const { env = [], name } = container.parse(raw);
    for (const one of env) {
      const key = ifKnown(() => variable.parse(one).name, "");
      if (STATIC_KEYS.test(key)) yield { urn, problem: `container ${name} gets ${key}` };
    }
  }
}

function* anyServiceAccount({ urn, type, props }: PlanResource): Iterable<StackProblem> {
  for (const { allows, principals, conditions } of statementsOf(props[TRUSTS[type] ?? ""])) {
    const federated = principals["federated"] !== undefined;
    const bound = conditions.some(
      ({ key, values }) => /:sub$/.test(key) && values.every((value) => !value.includes("*")),
    );
    if (allows && federated && !bound) yield { urn, problem: "any ServiceAccount of the cluster may become this role" };
  }
}
