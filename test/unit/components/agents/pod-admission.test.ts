import { expect, test } from "vitest";
import { environmentNames } from "../../../../cli/environment.ts";
import {
  builtReference,
  isUnknown,
  localSections,
  metadataOf,
  ofKind,
  type PlannedResource,
  recordPlan,
  sectionsOf,
  specOf,
} from "../../../support/plan.ts";
import { workloads } from "../../../support/pods.ts";

interface PolicySpec {
  readonly failurePolicy: string;
  readonly matchConstraints: unknown;
  readonly variables: readonly { readonly name: string; readonly expression: unknown }[];
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
}

const NAME = "breakwater-tenant-pods";
const plans = new Map<string, readonly PlannedResource[]>();
for (const environment of environmentNames()) {
  plans.set(environment, await recordPlan(sectionsOf(environment), { environment }));
}

function named(plan: readonly PlannedResource[], kind: string): PlannedResource {
  const [found, ...others] = ofKind(plan, kind).filter((resource) => metadataOf(resource).name === NAME);
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} of ${kind} ${NAME}`);
  return found;
}

const planOf = (environment: string) => plans.get(environment) ?? [];
const policyOf = (environment: string) => specOf<PolicySpec>(named(planOf(environment), "ValidatingAdmissionPolicy"));
const rule = (environment: string, message: RegExp) =>
  policyOf(environment).validations.find((validation) => message.test(validation.message))?.expression;

test.each(environmentNames())(
  "%s: every pod that is made, changed or put something into is looked at, and refused while nobody can tell",
  (environment) => {
    const { failurePolicy, matchConstraints } = policyOf(environment);
    expect(failurePolicy).toBe("Fail");
    expect(matchConstraints).toEqual({
      resourceRules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["CREATE", "UPDATE"],
          resources: ["pods", "pods/ephemeralcontainers"],
        },
      ],
    });
  },
);

test.each(environmentNames())("%s: the policy binds the namespaces of all tenants, and denies", (environment) => {
  expect(specOf(named(planOf(environment), "ValidatingAdmissionPolicyBinding"))).toEqual({
    policyName: NAME,
    validationActions: ["Deny", "Audit"],
    matchResources: { namespaceSelector: { matchExpressions: [{ key: "breakwater.dev/tenant", operator: "Exists" }] } },
  });
});

test.each(environmentNames())("%s: the policy asks for the runtimeClassName that its sandboxes have", (environment) => {
  const sandboxes = workloads(planOf(environment)).filter(({ at }) => /^tenant-.*\/sandbox$/.test(at));
  const [runtimeClass, ...others] = new Set(sandboxes.map(({ pod }) => pod.runtimeClassName));
  expect(others).toEqual([]);
  expect(rule(environment, /runtimeClassName/)).toBe(
    `variables.isCell ? !has(object.spec.runtimeClassName) : object.spec.?runtimeClassName.orValue('') == "${runtimeClass}"`,
  );
});

test("where nodes come in pools, a pod selects its own and tolerates no other's taint", () => {
  expect(rule("acme-dgx", /own pool/)).toBe(
    'variables.isCell ? object.spec.?nodeSelector[?"breakwater.dev/pool"].orValue(\'\') == "agents"' +
      ' : object.spec.?nodeSelector[?"breakwater.dev/pool"].orValue(\'\') == "sandbox"',
  );
  expect(rule("acme-dgx", /taint/)).toContain('(variables.isCell ? "agents" : "sandbox")');
});

test("the one machine of local has no pools to select", () => {
  expect(rule("local", /own pool/)).toBeUndefined();
  expect(rule("local", /taint/)).toContain('(variables.isCell ? "" : "")');
});

test("images of a part are those of its repositories, whatever their release", () => {
  const repositories = (image: string) => builtReference(image).split("@")[0];
  expect(policyOf("local").variables.find(({ name }) => name === "repositories")?.expression).toBe(
    `variables.isCell ? ["${repositories("cell")}","${repositories("cell-agent")}"] : ["${repositories("sandbox")}"]`,
  );
});

test("before the first image is built only the repositories are unknown, so that a plan can be judged", async () => {
  const plan = await recordPlan(localSections(), { built: false });
  const { variables, validations } = specOf<PolicySpec>(named(plan, "ValidatingAdmissionPolicy"));
  expect(variables.filter(({ expression }) => isUnknown(expression)).map(({ name }) => name)).toEqual(["repositories"]);
  expect(validations.filter(({ expression }) => typeof expression !== "string")).toEqual([]);
});

test("each rule says in a message of its own what a tenant's pod is", () => {
  const messages = policyOf("acme-dgx").validations.map(({ message }) => message);
  expect(new Set(messages).size).toBe(16);
  expect(messages.filter((message) => message.length < 30)).toEqual([]);
});

test("the policy stands before the pods that it holds", () => {
  const plan = planOf("local");
  const binding = named(plan, "ValidatingAdmissionPolicyBinding");
  const tenants = plan.filter(({ type }) => type === "breakwater:agents:Tenant");
  expect(tenants.map(({ dependencies }) => dependencies.includes(binding.urn))).toEqual([true, true, true]);
});
