import { describe, expect, test } from "vitest";
import { llm010 } from "../../../../policies/rules/llm-010.ts";
import { net008 } from "../../../../policies/rules/net-008.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const NETWORK_POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const WORLD = "0.0.0.0/0";

const wall = (spec: object, namespace: string) => planned(NETWORK_POLICY, { metadata: { namespace }, spec });

describe("NET-008", () => {
  const tenant = planned("kubernetes:core/v1:Namespace", {
    metadata: { name: "tenant-a", labels: { "breakwater.dev/tenant": "a" } },
  });
  const out = (rule: object, namespace = "breakwater") => wall({ podSelector: {}, egress: [rule] }, namespace);
  const to = (cidr: string, ...ports: readonly object[]) => ({ to: [{ ipBlock: { cidr } }], ports });
  const https = { protocol: "TCP", port: 443 };
  const judge = (resource: ReturnType<typeof out>, airGapped = false) =>
    problems("NET-008", [tenant, resource], { rules: [net008], facts: { airGapped } });
  const otherPorts = [`egress to ${WORLD} at other ports than TCP 443 and 465`];

  test("named pods, private ranges, and names in TLS at the border pass", () => {
    expect(judge(out({ to: [{ podSelector: {} }] }))).toEqual([]);
    expect(judge(out(to("10.0.0.0/8")))).toEqual([]);
    expect(judge(out(to(WORLD, https, { port: 465 })))).toEqual([]);
  });

  test("a rule for every destination is refused", () => {
    expect(judge(out({ ports: [https] }))).toEqual(["an egress rule without `to` allows every destination"]);
    expect(judge(out({}))).toEqual(["an egress rule without `to` allows every destination"]);
  });

  test("the internet is refused where the border cannot read a name", () => {
    expect(judge(out(to(WORLD)))).toEqual(otherPorts);
    expect(judge(out(to(WORLD, https, { protocol: "TCP", port: 587 })))).toEqual(otherPorts);
    expect(judge(out(to(WORLD, { protocol: "UDP", port: 443 })))).toEqual(otherPorts);
    expect(judge(out(to(WORLD, { port: 443, endPort: 65_535 })))).toEqual(otherPorts);
    expect(judge(out(to(WORLD, { protocol: "TCP" })))).toEqual(otherPorts);
    expect(judge(out(to("128.0.0.0/1")))).toEqual(["egress to 128.0.0.0/1 at other ports than TCP 443 and 465"]);
    expect(judge(out(to("::/0")))).toEqual(["egress to ::/0 at other ports than TCP 443 and 465"]);
  });

  test("a tenant, and an environment without internet, have no way out at all", () => {
    const refused = [`egress to ${WORLD}, where nothing may reach the internet`];
    expect(judge(out(to(WORLD, https), "tenant-a"))).toEqual(refused);
    expect(judge(out(to(WORLD, https)), true)).toEqual(refused);
  });
});

describe("LLM-010", () => {
  const own = { "app.kubernetes.io/component": "model-server" };
  const vllm = planned("kubernetes:apps/v1:Deployment", {
    metadata: { namespace: "inference", labels: own },
    spec: { template: { metadata: { labels: own }, spec: {} } },
  });
  const nim = planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", {
    metadata: { namespace: "inference", labels: own },
    spec: { labels: own },
  });
  const router = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "breakwater" } },
    podSelector: { matchLabels: { "app.kubernetes.io/component": "router" } },
  };
  const allow = (from: readonly object[] | undefined, podSelector: object = {}) =>
    wall({ podSelector, policyTypes: ["Ingress"], ingress: [from === undefined ? {} : { from }] }, "inference");
  const given = { rules: [llm010], facts: { topology: "dgx" } } as const;
  const none = ["no NetworkPolicy limits who reaches the model server"];
  const others = ["a NetworkPolicy lets others than the router reach the model server"];

  test.each([vllm, nim])("a server that the router alone reaches passes: $type", (server) => {
    expect(judged("LLM-010", [server, allow([router])], given).outcome).toBe("passed");
    const byLabel = allow([router], { matchLabels: own });
    expect(judged("LLM-010", [server, byLabel], given).outcome).toBe("passed");
  });

  test.each([vllm, nim])("a server without a wall is found: $type", (server) => {
    expect(problems("LLM-010", [server], given)).toEqual(none);
    expect(problems("LLM-010", [server, allow([router], { matchLabels: { app: "other" } })], given)).toEqual(none);
    const egressOnly = wall({ podSelector: {}, policyTypes: ["Egress"] }, "inference");
    expect(problems("LLM-010", [server, egressOnly], given)).toEqual(none);
    const elsewhere = wall({ podSelector: {}, policyTypes: ["Ingress"] }, "breakwater");
    expect(problems("LLM-010", [server, elsewhere], given)).toEqual(none);
  });

  test("a wall that somebody else passes is found, whichever policy lets them", () => {
    const anyRouter = { podSelector: router.podSelector };
    const { namespaceSelector } = router;
    for (const peer of [anyRouter, { namespaceSelector }, { ipBlock: { cidr: "10.0.0.0/8" } }])
      expect(problems("LLM-010", [vllm, allow([router]), allow([router, peer])], given)).toEqual(others);
    expect(problems("LLM-010", [vllm, allow(undefined)], given)).toEqual([
      "a NetworkPolicy lets everybody reach the model server",
    ]);
  });

  test("expressions choose pods as Kubernetes does", () => {
    const key = "app.kubernetes.io/component";
    const chosen = (expression: object) =>
      problems("LLM-010", [vllm, allow([router], { matchExpressions: [{ key, ...expression }] })], given);
    expect(chosen({ operator: "In", values: ["model-server"] })).toEqual([]);
    expect(chosen({ operator: "In", values: ["other"] })).toEqual(none);
    expect(chosen({ operator: "NotIn", values: ["other"] })).toEqual([]);
    expect(chosen({ operator: "NotIn", values: ["model-server"] })).toEqual(none);
    expect(chosen({ operator: "Exists" })).toEqual([]);
    expect(chosen({ operator: "DoesNotExist" })).toEqual(none);
  });

  test("a workload that serves no model is left alone", () => {
    const other = planned("kubernetes:apps/v1:Deployment", {
      metadata: { namespace: "breakwater" },
      spec: { template: { metadata: { labels: {} }, spec: {} } },
    });
    expect(judged("LLM-010", [other], given).outcome).toBe("passed");
  });
});
