import { z } from "zod";
import { metaOf, TENANT_LABEL, tenantNamespaces } from "../pods.ts";
import type { Plan, PlanResource, StackRule } from "../rule.ts";

const POLICY = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy";
const BINDING = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding";

const policy = z.object({
  spec: z.object({
    failurePolicy: z.string().default("Fail"),
    matchConstraints: z.object({
      resourceRules: z.array(z.object({ operations: z.array(z.string()), resources: z.array(z.string()) })),
    }),
    validations: z.array(z.object({ expression: z.string() })).default([]),
  }),
});
const binding = z.object({
  spec: z.object({
    policyName: z.string(),
    validationActions: z.array(z.string()),
    matchResources: z
      .object({
        namespaceSelector: z
          .object({
            matchLabels: z.record(z.string(), z.string()).default({}),
            matchExpressions: z
              .array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() }))
              .default([]),
          })
          .optional(),
      })
      .default({}),
  }),
});

/**
 * Rules over a plan see what the plan holds; a pod that somebody makes by hand, or that an operator makes, only the API
 * server sees. The RuntimeClass itself adds the selector of its nodes, so that the policy has to ask for the class alone.
 */
export const sbx009: StackRule = {
  id: "SBX-009",
  subjects: ["kubernetes:core/v1:Namespace"],
  *check(plan) {
    const tenants = tenantNamespaces(plan);
    if (tenants.length === 0 || refuses(plan)) return;
    yield { problem: "no ValidatingAdmissionPolicy refuses a tenant's pod without the sandbox's runtimeClassName" };
  },
};

function refuses(plan: Plan): boolean {
  const names = plan
    .ofType(POLICY)
    .filter(asksForTheClass)
    .map(({ props }) => metaOf(props).name);
  return plan.ofType(BINDING).some(({ props }) => {
    const { policyName, validationActions, matchResources } = binding.parse(props).spec;
    const { matchLabels = {}, matchExpressions = [] } = matchResources.namespaceSelector ?? {};
    const every = matchExpressions.every(({ key, operator }) => key === TENANT_LABEL && operator === "Exists");
    const tenants = every && Object.keys(matchLabels).length === 0;
    return names.includes(policyName) && validationActions.includes("Deny") && tenants;
  });
}

function asksForTheClass({ props }: PlanResource): boolean {
  const { failurePolicy, matchConstraints, validations } = policy.parse(props).spec;
  const pods = matchConstraints.resourceRules.some(
    ({ operations, resources }) =>
      operations.some((operation) => operation === "CREATE" || operation === "*") &&
      resources.some((resource) => resource === "pods" || resource === "*"),
  );
  return (
    failurePolicy === "Fail" && pods && validations.some(({ expression }) => expression.includes("runtimeClassName"))
  );
}
