import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogued } from "../../policies/catalogue.ts";
import { projectRoot } from "../../tools/paths.ts";
import { acmeAws, environment, NO_POLICIES, pod } from "../support/analyzed.ts";
import { type Analyzed, type Analyzer, type Finding, startAnalyzer, UNKNOWN } from "../support/analyzer.ts";

let pack: Analyzer;

beforeAll(async () => {
  pack = await startAnalyzer(join(projectRoot, "policies"));
});

afterAll(async () => {
  await pack.close();
});

/** What the pack says under these rules; the others look for the rest of an environment, which is not here. */
async function findings(rules: readonly string[], ...resources: readonly Analyzed[]): Promise<readonly Finding[]> {
  return (await pack.analyzeStack([environment(), ...resources])).filter(({ policy }) => rules.includes(policy));
}

/** The same of an environment with other settings. */
async function saidOf(settings: Readonly<Record<string, unknown>>, policy: string, ...resources: readonly Analyzed[]) {
  const all = await pack.analyzeStack([environment(settings), ...resources]);
  return all.filter((finding) => finding.policy === policy);
}

const POD_RULES = ["K8S-004", "K8S-005", "K8S-006", "K8S-007", "K8S-008", "K8S-009", "SUP-001"];

test("the pack lets a hardened pod through", async () => {
  expect(await findings(POD_RULES, pod(`cell@sha256:${"a".repeat(64)}`))).toEqual([]);
});

test("a violation is mandatory and ends with its remedy and controls", async () => {
  const [finding, ...others] = await findings(POD_RULES, pod("cell:1"));
  expect(others).toEqual([]);
  expect([finding?.policy, finding?.level]).toEqual(["SUP-001", "mandatory"]);
  expect(finding?.message).toContain(`container c0 runs cell:1. Fix: ${catalogued("SUP-001").remedy} [`);
  expect(finding?.message).toContain("iso27001/A.8.9");
});

test("an unknown image waits for its value, and what is already known to be wrong is still refused", async () => {
  const said = async (...images: string[]) =>
    (await findings(["SUP-001", "advice"], pod(...images)))
      .filter(({ policy, message }) => policy === "SUP-001" || message.includes("SUP-001: "))
      .map(({ policy, level }) => [policy, level]);
  expect(await said(UNKNOWN)).toEqual([["advice", "advisory"]]);
  expect(await said("cell:1", UNKNOWN)).toEqual([
    ["SUP-001", "mandatory"],
    ["advice", "advisory"],
  ]);
});

test("a rule that finds nothing to look at says nothing, as in a plan", async () => {
  const silent = (await pack.analyzeStack([environment(), pod(`cell@sha256:${"a".repeat(64)}`)])).map(
    ({ policy }) => policy,
  );
  for (const rule of ["NET-001", "IAM-007", "DAT-001"]) expect(silent).not.toContain(rule);
});

const EXCEPTION = { rule: "SUP-001", owner: "ops", reason: "mirrored next week", expires: "2999-12-31" };

test("an exception of the environment lets its violation through, and is shown with owner, day and reason", async () => {
  const policies = { ...NO_POLICIES, exceptions: [EXCEPTION] };
  expect(await saidOf({ policies }, "SUP-001", pod("cell:1"))).toEqual([]);
  const said = await saidOf({ policies }, "advice", pod("cell:1"));
  expect(said.map(({ message }) => message)).toContainEqual(
    expect.stringContaining("SUP-001: 1 accepted by ops until 2999-12-31: mirrored next week"),
  );
});

test("an exception that is over stops the deployment, and so does what it covered", async () => {
  const policies = { ...NO_POLICIES, exceptions: [{ ...EXCEPTION, expires: "2020-01-01" }] };
  const [over] = await saidOf({ policies }, "exceptions", pod("cell:1"));
  expect([over?.level, over?.message]).toEqual([
    "mandatory",
    expect.stringContaining("[policies/expired-exception] policies.exceptions[0].expires"),
  ]);
  expect((await saidOf({ policies }, "SUP-001", pod("cell:1"))).map(({ level }) => level)).toEqual(["mandatory"]);
});

test("a rule that an environment takes as advice is said with its resource, and does not stop the deployment", async () => {
  const policies = { ...NO_POLICIES, enforcement: { default: "mandatory", rules: { "SUP-001": "advisory" } } };
  expect(await saidOf({ policies }, "SUP-001", pod("cell:1"))).toEqual([]);
  const said = (await saidOf({ policies }, "advice", pod("cell:1"))).find(({ message }) =>
    message.includes("SUP-001: container c0 runs cell:1"),
  );
  expect([said?.level, said?.urn]).toEqual(["advisory", pod().urn]);
});

const KEY: Analyzed = {
  type: "aws:kms/key:Key",
  urn: "urn:pulumi:t::p::aws:kms/key:Key::key",
  name: "key",
  props: { description: "database" },
};

test("a preview shows what the stack costs, each thing with its price, and the tenants", async () => {
  const [said, ...others] = await saidOf({}, "cost", KEY);
  expect([others, said?.level]).toEqual([[], "advisory"]);
  expect(said?.message).toMatch(/\d USD a month, /);
  expect(said?.message).toContain("1.00 USD security: encryption keys");
  expect(said?.message).toContain("for tenant marketing");
});

test("a stack that is dearer than its budget is refused, and one within it is not", async () => {
  const over = await saidOf({ cost: { ...acmeAws.cost, monthly_budget_usd: 1 } }, "budget", KEY);
  expect(over.map(({ level, message }) => [level, message])).toEqual([
    ["mandatory", expect.stringContaining("[cost/budget] cost.monthly_budget_usd: got a plan of ")],
  ]);
  expect(await saidOf({ cost: { ...acmeAws.cost, monthly_budget_usd: 100_000 } }, "budget", KEY)).toEqual([]);
});

test("what a provider will make only once it is configured is judged by what the program asks for", async () => {
  const { props, ...nothing } = pod("cell:1");
  await pack.analyze({ ...nothing, props });
  const found = await findings(["SUP-001"], { ...nothing, props: {} });
  expect(found.map(({ message }) => message)).toEqual([expect.stringContaining("container c0 runs cell:1")]);
});

test("a stack is judged anew each time it is shown", async () => {
  expect(await findings(["SUP-001"], pod("cell:1"))).toHaveLength(1);
  expect(await findings(["SUP-001"], pod(`cell@sha256:${"a".repeat(64)}`))).toEqual([]);
});

test("a stack that does not say what environment it is cannot be judged", async () => {
  await expect(pack.analyzeStack([pod("cell:1")])).rejects.toThrow("no breakwater:stacks:Environment in the stack");
});

test("a tenant's namespace without a default-deny fails the stack", async () => {
  const namespace: Analyzed = {
    type: "kubernetes:core/v1:Namespace",
    urn: "urn:pulumi:t::p::kubernetes:core/v1:Namespace::a",
    name: "a",
    props: { metadata: { name: "tenant-a", labels: { "breakwater.dev/tenant": "a" } } },
  };
  const policy: Analyzed = {
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    urn: "urn:pulumi:t::p::kubernetes:networking.k8s.io/v1:NetworkPolicy::a",
    name: "a",
    props: { metadata: { namespace: "tenant-a" }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  };
  expect(await findings(["NET-007"], namespace, policy)).toEqual([]);
  const found = await findings(["NET-007"], namespace);
  expect(found.map(({ policy, level, urn }) => [policy, level, urn])).toEqual([
    ["NET-007", "mandatory", namespace.urn],
    ["NET-007", "mandatory", namespace.urn],
  ]);
});
