import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { catalogued } from "../../policies/catalogue.ts";
import { projectRoot } from "../../tools/paths.ts";
import { type Analyzed, type Analyzer, type Finding, startAnalyzer } from "../support/analyzer.ts";
import { FACTS } from "../support/judge.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let pack: Analyzer;

beforeAll(async () => {
  pack = await startAnalyzer(join(projectRoot, "policies"));
});

afterAll(async () => {
  await pack.close();
});

function pod(...images: string[]): Analyzed {
  const securityContext = {
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  };
  const containers = images.map((image, index) => ({ name: `c${index}`, image, securityContext }));
  return {
    type: "kubernetes:core/v1:Pod",
    urn: "urn:pulumi:t::p::kubernetes:core/v1:Pod::pod",
    name: "pod",
    props: { spec: { containers } },
  };
}

/** The component by which a stack says what environment it is. */
const environment: Analyzed = {
  type: "breakwater:stacks:Environment",
  urn: "urn:pulumi:t::p::breakwater:stacks:Environment::environment",
  name: "environment",
  props: { ...FACTS },
};

/** What the pack says under these rules; the others look for the rest of an environment, which is not here. */
async function findings(rules: readonly string[], ...resources: readonly Analyzed[]): Promise<readonly Finding[]> {
  return (await pack.analyzeStack([environment, ...resources])).filter(({ policy }) => rules.includes(policy));
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
  const levels = async (...images: string[]) => (await findings(["SUP-001"], pod(...images))).map(({ level }) => level);
  expect(await levels(UNKNOWN)).toEqual(["advisory"]);
  expect(await levels("cell:1", UNKNOWN)).toEqual(["mandatory", "advisory"]);
});

test("a rule that finds nothing to look at says nothing, as in a plan", async () => {
  const silent = (await pack.analyzeStack([environment, pod(`cell@sha256:${"a".repeat(64)}`)])).map(
    ({ policy }) => policy,
  );
  for (const rule of ["NET-001", "IAM-007", "DAT-001"]) expect(silent).not.toContain(rule);
});

test("what is accepted by name does not stop a deployment", async () => {
  const sandbox = { ...pod(`cell@sha256:${"a".repeat(64)}`), name: "sandbox" };
  expect(await findings(["SUP-004", "LOG-007"], sandbox)).toEqual([]);
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
