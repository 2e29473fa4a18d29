import { expect, test } from "vitest";
import { planned, problems } from "../../../support/judge.ts";

const namespace = planned("kubernetes:core/v1:Namespace", {
  metadata: { name: "tenant-a", labels: { "breakwater.dev/tenant": "a" } },
});
const policy = (spec: object, inNamespace = "tenant-a") =>
  planned("kubernetes:networking.k8s.io/v1:NetworkPolicy", { metadata: { namespace: inNamespace }, spec });
const both = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
const judge = (...resources: (typeof namespace)[]) => problems("NET-007", resources);
const noIngress = "namespace tenant-a has no default-deny for Ingress";
const noEgress = "namespace tenant-a has no default-deny for Egress";

test("one policy for both directions passes, and so do two", () => {
  expect(judge(namespace, policy(both))).toEqual([]);
  const oneWay = (type: string) => policy({ podSelector: {}, policyTypes: [type] });
  expect(judge(namespace, oneWay("Ingress"), oneWay("Egress"))).toEqual([]);
});

test("a policy elsewhere, for some pods only, or with a rule does not count", () => {
  expect(judge(namespace)).toEqual([noIngress, noEgress]);
  expect(judge(namespace, policy(both, "tenant-b"))).toEqual([noIngress, noEgress]);
  const someLabels = { ...both, podSelector: { matchLabels: { app: "cell" } } };
  expect(judge(namespace, policy(someLabels))).toEqual([noIngress, noEgress]);
  const someExpressions = { ...both, podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } };
  expect(judge(namespace, policy(someExpressions))).toEqual([noIngress, noEgress]);
  expect(judge(namespace, policy({ ...both, egress: [{}] }))).toEqual([noEgress]);
  expect(judge(namespace, policy({ ...both, ingress: [{}] }))).toEqual([noIngress]);
  expect(judge(namespace, policy({ ...both, policyTypes: ["Ingress"] }))).toEqual([noEgress]);
});

test("a namespace that is no tenant's is left alone", () => {
  expect(judge(planned("kubernetes:core/v1:Namespace", { metadata: { name: "breakwater", labels: {} } }))).toEqual([]);
});
