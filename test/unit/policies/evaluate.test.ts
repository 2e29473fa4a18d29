import { expect, test } from "vitest";
import { CATALOGUE, catalogued, controlRefs } from "../../../policies/catalogue.ts";
import { evaluate } from "../../../policies/evaluate.ts";
import { RULES } from "../../../policies/rules/index.ts";
import { FACTS, judged, planned } from "../../support/judge.ts";
import { GOOD, pod, withContext } from "../../support/judged-pods.ts";

const unknown = { __pulumiUnknown: true };
const privileged = pod(withContext({ privileged: true }));

test("every rule of the pack is in the catalogue, once, and a plan can decide it", () => {
  const ids = RULES.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect([id, catalogued(id).decides]).toEqual([id, "plan"]);
});

test("rules stand in the order of the catalogue", () => {
  const order = CATALOGUE.map(({ id }) => id);
  const places = RULES.map(({ id }) => order.indexOf(id));
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

test("what a plan cannot decide is never reported as passed", () => {
  const results = evaluate([pod()], { facts: FACTS, today: "2026-11-24" });
  expect(results).toHaveLength(135);
  for (const { rule, outcome } of results.filter(({ rule }) => rule.decides !== "plan")) {
    expect([rule.id, outcome]).toEqual([rule.id, rule.decides === "declared" ? "declared" : "not evaluated"]);
  }
});

test("a rule that finds nothing to look at does not apply, and has not passed", () => {
  expect(judged("K8S-004", []).outcome).toBe("does not apply");
});

test("a value that only an update will know leaves a rule undecided, and what is known to be wrong is still found", () => {
  const waiting = pod({ ...GOOD, image: unknown });
  expect(judged("SUP-001", [waiting])).toMatchObject({ outcome: "unknown" });
  expect(judged("K8S-004", [waiting]).outcome).toBe("passed");
  const both = planned("kubernetes:core/v1:Pod", {
    spec: { initContainers: [{ name: "first", image: "cell:1" }], containers: [{ ...GOOD, image: unknown }] },
  });
  expect(judged("SUP-001", [both])).toMatchObject({
    outcome: "violated",
    findings: [{ problem: "container first runs cell:1" }],
  });
});

test("an exception covers its violation until its last day, and shows", () => {
  const exception = { rule: "K8S-004", owner: "ops", reason: "the node agent needs it", expires: "2026-11-24" };
  expect(judged("K8S-004", [privileged], { exceptions: [exception], today: "2026-11-24" })).toMatchObject({
    outcome: "excepted",
    findings: [{ exception: { owner: "ops" } }],
  });
  expect(judged("K8S-004", [privileged], { exceptions: [exception], today: "2026-11-25" }).outcome).toBe("violated");
});

test("an exception for one resource covers no other", () => {
  const exception = {
    rule: "K8S-004",
    resource: "::it",
    owner: "ops",
    reason: "the node agent",
    expires: "2027-01-01",
  };
  const other = { ...privileged, urn: "urn:pulumi:t::p::kubernetes:core/v1:Pod::other" };
  expect(judged("K8S-004", [privileged, other], { exceptions: [exception] }).outcome).toBe("violated");
  expect(judged("K8S-004", [privileged], { exceptions: [exception] }).outcome).toBe("excepted");
});

test("a control is named without how sure its mapping is", () => {
  for (const rule of CATALOGUE) for (const ref of controlRefs(rule)) expect(ref).not.toMatch(/\((low|medium)\)/);
  expect(controlRefs(catalogued("NET-001"))).toContain("mlps3/8.2.2.1");
});
