import { describe, expect, test } from "vitest";
import { imageDigest } from "../../../policies/rules/image-digest.ts";
import { podRestricted } from "../../../policies/rules/pod-restricted.ts";
import { tenantDefaultDeny } from "../../../policies/rules/tenant-default-deny.ts";
import { localSections, recordPlan } from "../../support/plan.ts";
import { workloads } from "../../support/pods.ts";

const DIGEST = `docker.io/breakwater/cell@sha256:${"a".repeat(64)}`;

const context = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};
const good = { name: "cell", image: DIGEST, securityContext: context };

const pod = (container: object, rest: object = {}) => ({ spec: { containers: [container], ...rest } });
const deployment = (container: object) => ({ spec: { template: pod(container) } });
const cronJob = (container: object) => ({ spec: { jobTemplate: { spec: { template: pod(container) } } } });
const withContext = (change: object) => pod({ ...good, securityContext: { ...context, ...change } });

describe("image-digest", () => {
  test("a digest passes in a pod, a workload and a cron job", () => {
    for (const shape of [pod, deployment, cronJob]) expect([...imageDigest.check(shape(good))]).toEqual([]);
  });

  test("a tag is refused wherever the container is", () => {
    const tagged = { name: "cell", image: "docker.io/breakwater/cell:1" };
    const problem = "container cell runs docker.io/breakwater/cell:1";
    for (const shape of [pod, deployment, cronJob]) expect([...imageDigest.check(shape(tagged))]).toEqual([problem]);
    expect([...imageDigest.check(pod(good, { initContainers: [tagged] }))]).toEqual([problem]);
    expect([...imageDigest.check(pod(good, { ephemeralContainers: [tagged] }))]).toEqual([problem]);
  });

  test("a shortened digest is no digest", () => {
    expect([...imageDigest.check(pod({ name: "cell", image: "cell@sha256:abc" }))]).toHaveLength(1);
  });

  test("a workload whose shape it does not know is an error, not a pass", () => {
    expect(() => [...imageDigest.check({ spec: {} })]).toThrow();
  });
});

describe("pod-restricted", () => {
  test("a hardened container passes", () => {
    expect([...podRestricted.check(pod(good))]).toEqual([]);
  });

  test.each([
    [{ runAsNonRoot: undefined }, "runAsNonRoot is not true"],
    [{ runAsUser: 0 }, "runAsUser is 0"],
    [{ privileged: true }, "privileged is true"],
    [{ allowPrivilegeEscalation: undefined }, "allowPrivilegeEscalation is not false"],
    [{ readOnlyRootFilesystem: false }, "readOnlyRootFilesystem is not true"],
    [{ capabilities: { drop: ["NET_RAW"] } }, "capabilities.drop lacks ALL"],
    [{ capabilities: { drop: ["ALL"], add: ["SYS_ADMIN"] } }, "capabilities.add has SYS_ADMIN"],
    [{ seccompProfile: { type: "Unconfined" } }, "seccompProfile is Unconfined"],
    [{ seccompProfile: undefined }, "seccompProfile is missing"],
  ])("%o is refused", (change, problem) => {
    expect([...podRestricted.check(withContext(change))]).toEqual([`container cell: ${problem}`]);
  });

  test.each(["hostNetwork", "hostPID", "hostIPC"])("%s is refused", (field) => {
    expect([...podRestricted.check(pod(good, { [field]: true }))]).toEqual([`the pod sets ${field}`]);
  });

  test("init containers are judged too", () => {
    const init = { ...good, name: "init", securityContext: { ...context, runAsUser: 0 } };
    expect([...podRestricted.check(pod(good, { initContainers: [init] }))]).toEqual(["container init: runAsUser is 0"]);
  });

  test("what the pod sets holds for its containers unless they set their own", () => {
    const { runAsNonRoot, seccompProfile, ...own } = context;
    const securityContext = { runAsNonRoot, seccompProfile };
    expect([...podRestricted.check(pod({ ...good, securityContext: own }, { securityContext }))]).toEqual([]);
    const weakened = { ...own, runAsNonRoot: false };
    expect([...podRestricted.check(pod({ ...good, securityContext: weakened }, { securityContext }))]).toEqual([
      "container cell: runAsNonRoot is not true",
    ]);
  });
});

describe("tenant-default-deny", () => {
  const namespace = {
    type: "kubernetes:core/v1:Namespace",
    urn: "urn:a",
    props: { metadata: { name: "tenant-a", labels: { "breakwater.dev/tenant": "a" } } },
  };
  const policy = (spec: object, inNamespace = "tenant-a") => ({
    type: "kubernetes:networking.k8s.io/v1:NetworkPolicy",
    urn: "urn:p",
    props: { metadata: { namespace: inNamespace }, spec },
  });
  const both = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
  const judge = (...resources: (typeof namespace | ReturnType<typeof policy>)[]) =>
    [...tenantDefaultDeny.checkStack(resources)].map(({ problem }) => problem);
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
    expect(judge(namespace, policy({ ...both, podSelector: { matchLabels: { app: "cell" } } }))).toEqual([
      noIngress,
      noEgress,
    ]);
    expect(judge(namespace, policy({ ...both, podSelector: { matchExpressions: [{ key: "app" }] } }))).toEqual([
      noIngress,
      noEgress,
    ]);
    expect(judge(namespace, policy({ ...both, egress: [{}] }))).toEqual([noEgress]);
    expect(judge(namespace, policy({ ...both, ingress: [{}] }))).toEqual([noIngress]);
    expect(judge(namespace, policy({ ...both, policyTypes: ["Ingress"] }))).toEqual([noEgress]);
  });

  test("a namespace that is no tenant's is left alone", () => {
    expect(judge({ ...namespace, props: { metadata: { name: "breakwater", labels: {} as never } } })).toEqual([]);
  });
});

test("the environment local breaks no rule, and every pod of it is judged", async () => {
  const plan = await recordPlan(localSections());
  const judged = plan.filter(({ type }) => podRestricted.on.includes(type));
  expect(judged).toHaveLength(workloads(plan).length);
  for (const { urn, inputs } of judged) {
    for (const rule of [podRestricted, imageDigest]) expect([urn, ...rule.check(inputs)]).toEqual([urn]);
  }
  const resources = plan.map(({ type, urn, inputs }) => ({ type, urn, props: inputs }));
  expect([...tenantDefaultDeny.checkStack(resources)]).toEqual([]);
});
