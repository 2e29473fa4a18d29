import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { projectRoot } from "../../tools/paths.ts";
import { type Analyzed, type Analyzer, startAnalyzer } from "../support/analyzer.ts";

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

test("the pack lets a hardened pod through", async () => {
  expect(await pack.analyze(pod(`cell@sha256:${"a".repeat(64)}`))).toEqual([]);
});

test("a violation is mandatory and ends with its fix and controls", async () => {
  const [finding, ...others] = await pack.analyze(pod("cell:1"));
  expect(others).toEqual([]);
  expect([finding?.policy, finding?.level]).toEqual(["image-digest", "mandatory"]);
  expect(finding?.message).toContain(
    "container c0 runs cell:1. Fix: refer to the image as `name@sha256:...` [nist-800-53r5/SI-7]",
  );
});

test("an unknown image waits for its value, and what is already known to be wrong is still refused", async () => {
  expect((await pack.analyze(pod(UNKNOWN))).map(({ level }) => level)).toEqual(["advisory"]);
  expect((await pack.analyze(pod("cell:1", UNKNOWN))).map(({ level }) => level)).toEqual(["mandatory", "advisory"]);
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
  expect(await pack.analyzeStack([namespace, policy])).toEqual([]);
  const findings = await pack.analyzeStack([namespace]);
  expect(findings.map(({ policy, level, urn }) => [policy, level, urn])).toEqual([
    ["tenant-default-deny", "mandatory", namespace.urn],
    ["tenant-default-deny", "mandatory", namespace.urn],
  ]);
});
