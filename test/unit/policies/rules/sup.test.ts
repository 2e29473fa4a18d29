import { expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { sup002 } from "../../../../policies/rules/sup-002.ts";
import { sup003 } from "../../../../policies/rules/sup-003.ts";
import { sup004 } from "../../../../policies/rules/sup-004.ts";
import { judged, planned, problems } from "../../../support/judge.ts";
import { GOOD, pod } from "../../../support/judged-pods.ts";

const later = { __pulumiUnknown: true };
const DIGEST = `sha256:${"a".repeat(64)}`;
const running = (image: unknown) => pod({ ...GOOD, image });
const release = (values: unknown) => planned("kubernetes:helm.sh/v3:Release", { chart: "c", values });
const nim = (repository: string) =>
  planned("kubernetes:apps.nvidia.com/v1alpha1:NIMService", { spec: { image: { repository } } });

test.each([
  `registry.acme.internal:5000/ai/cell@${DIGEST}`,
  `123456789012.dkr.ecr.ap-northeast-2.amazonaws.com/acme/cell@${DIGEST}`,
  `acme-images-registry-vpc.cn-shanghai.cr.aliyuncs.com/breakwater/cell@${DIGEST}`,
  `acme.tencentcloudcr.com/breakwater/cell@${DIGEST}`,
])("SUP-002: %s comes from no public registry", (image) => {
  expect(judged("SUP-002", [running(image)], { rules: [sup002] }).outcome).toBe("passed");
});

test.each([
  ["cell:1", "docker.io"],
  ["breakwater/cell:1", "docker.io"],
  [`docker.io/breakwater/cell@${DIGEST}`, "docker.io"],
  ["index.docker.io/a/b:1", "index.docker.io"],
  ["quay.io/prometheus/prometheus:v3", "quay.io"],
  ["ghcr.io/a/b:1", "ghcr.io"],
  ["registry.k8s.io/pause:3", "registry.k8s.io"],
  ["asia.gcr.io/a/b:1", "asia.gcr.io"],
  ["europe-docker.pkg.dev/a/b/c:1", "europe-docker.pkg.dev"],
  ["public.ecr.aws/a/b:1", "public.ecr.aws"],
  ["nvcr.io/nim/a:1", "nvcr.io"],
  ["registry.cn-hangzhou.aliyuncs.com/a/b:1", "registry.cn-hangzhou.aliyuncs.com"],
  ["ccr.ccs.tencentyun.com/a/b:1", "ccr.ccs.tencentyun.com"],
])("SUP-002: %s is refused", (image, host) => {
  const problem = `container cell runs an image of ${host}`;
  expect(problems("SUP-002", [running(image)], { rules: [sup002] })).toEqual([problem]);
});

test("SUP-002: what local builds is named by docker.io and pulled by nobody; nothing else is let through there", () => {
  const own = running(`docker.io/breakwater/cell@${DIGEST}`);
  expect(judged("SUP-002", [own], { rules: [sup002], facts: { topology: "local" } }).outcome).toBe("passed");
  const given = { rules: [sup002], facts: { topology: "local" } } as const;
  expect(problems("SUP-002", [running("docker.io/library/redis:7")], given)).toHaveLength(1);
});

test("SUP-002: an address that only an update knows leaves it undecided in a pod, and is our own in a chart", () => {
  expect(judged("SUP-002", [running(later)], { rules: [sup002] }).outcome).toBe("unknown");
  const values = { image: { repository: later, tag: "v1" } };
  expect(judged("SUP-002", [release(values)], { rules: [sup002] }).outcome).toBe("passed");
});

test.each<[string, RawResource]>([
  ["its values name no registry, so that the chart's own is taken", release({ replicas: 1 })],
  [
    "its values name no registry, so that the chart's own is taken",
    release({ image: { repository: "grafana/grafana" } }),
  ],
  ["its values name quay.io", release({ a: [{ image: { registry: "quay.io/x", repository: "y" } }] })],
  ["its values name ghcr.io", release({ image: { repository: "ghcr.io/x/y" } })],
  ["the service runs an image of nvcr.io", nim("nvcr.io/nim/x")],
])("SUP-002: %s", (problem, resource) => {
  expect(problems("SUP-002", [resource], { rules: [sup002] })).toEqual([problem]);
});

test("SUP-002: charts and services that name a registry of the company pass", () => {
  const values = { image: { registry: "registry.acme.internal:5000/ai", repository: "grafana/grafana" } };
  const given = [release(values), nim("registry.acme.internal:5000/ai/nim/x@sha256")];
  expect(judged("SUP-002", given, { rules: [sup002] }).outcome).toBe("passed");
});

const ecr = (change: object = {}) =>
  planned("aws:ecr/repository:Repository", {
    imageScanningConfiguration: { scanOnPush: true },
    imageTagMutability: "IMMUTABLE",
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: later }],
    ...change,
  });
const acr = (inputs: object = { imageScanner: "ACR", customOssBucket: later }) =>
  planned("alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance", { ...inputs });
const scan = (triggerType = "AUTO") => planned("alicloud:cr/scanRule:ScanRule", { triggerType });
const tcr = planned("tencentcloud:index/tcrInstance:TcrInstance", { instanceType: "standard" });
const immutable = (disabled = false) =>
  planned("tencentcloud:index/tcrImmutableTagRule:TcrImmutableTagRule", { rule: { disabled } });
const tcrNamespace = (isAutoScan: boolean) => planned("tencentcloud:index/tcrNamespace:TcrNamespace", { isAutoScan });
const keyless = "TCR takes no key of the customer";

test("SUP-003: registries that scan, hold tags and encrypt pass; what TCR cannot do shows", () => {
  expect(judged("SUP-003", [ecr(), acr(), scan()], { rules: [sup003] }).outcome).toBe("passed");
  expect(problems("SUP-003", [tcr, tcrNamespace(true), immutable()], { rules: [sup003] })).toEqual([keyless]);
});

test.each<[string, RawResource[]]>([
  ["imageScanningConfiguration.scanOnPush is not true", [ecr({ imageScanningConfiguration: undefined })]],
  ["imageTagMutability is not IMMUTABLE", [ecr({ imageTagMutability: "MUTABLE" })]],
  ["encryptionConfigurations name no key of the customer", [ecr({ encryptionConfigurations: undefined })]],
  [
    "encryptionConfigurations name no key of the customer",
    [ecr({ encryptionConfigurations: [{ encryptionType: "AES256" }] })],
  ],
  [
    "encryptionConfigurations name no key of the customer",
    [ecr({ encryptionConfigurations: [{ encryptionType: "KMS" }] })],
  ],
  ["imageScanner is missing", [acr({ customOssBucket: later }), scan()]],
  ["no ScanRule scans what is pushed", [acr(), scan("MANUAL")]],
  ["images lie in no bucket of ours, and so under no key of ours", [acr({ imageScanner: "ACR" }), scan()]],
])("SUP-003: %s", (problem, given) => {
  expect(problems("SUP-003", given, { rules: [sup003] })).toEqual([problem]);
});

test.each<[string, RawResource[]]>([
  ["isAutoScan is not true", [tcr, tcrNamespace(false), immutable()]],
  ["no TcrImmutableTagRule holds", [tcr, immutable(true)]],
])("SUP-003: %s", (problem, given) => {
  expect(problems("SUP-003", given, { rules: [sup003] })).toEqual([problem, keyless]);
});

const kyverno = (spec: object) => planned("kubernetes:kyverno.io/v1:ClusterPolicy", { spec });
const verify = (failureAction?: string) => [{ verifyImages: [{ failureAction }] }];
const kyvernoImages = (validationActions: string[]) =>
  planned("kubernetes:policies.kyverno.io/v1:ImageValidatingPolicy", { spec: { validationActions } });
const sigstore = (mode?: string) =>
  planned("kubernetes:policy.sigstore.dev/v1beta1:ClusterImagePolicy", { spec: { mode } });

test.each<[string, RawResource]>([
  ["Kyverno, by rule", kyverno({ rules: verify("Enforce") })],
  ["Kyverno, by policy", kyverno({ validationFailureAction: "Enforce", rules: verify() })],
  ["Kyverno's newer policies", kyvernoImages(["Deny"])],
  ["Sigstore", sigstore()],
])("SUP-004: %s that refuses passes", (_, policy) => {
  expect(judged("SUP-004", [pod(), policy], { rules: [sup004] }).outcome).toBe("passed");
});

test("SUP-004: without a policy, nothing looks at signatures", () => {
  expect(problems("SUP-004", [pod()], { rules: [sup004] })).toEqual([
    "nothing that is planned looks at signatures of images",
  ]);
});

test.each<[string, RawResource]>([
  ["Kyverno, by rule", kyverno({ validationFailureAction: "Enforce", rules: verify("Audit") })],
  ["Kyverno, by default", kyverno({ rules: verify() })],
  ["Kyverno's newer policies", kyvernoImages(["Audit"])],
  ["Sigstore", sigstore("warn")],
])("SUP-004: %s that only reports is refused", (_, policy) => {
  const problem = "the policy that is planned only reports signatures of images";
  expect(problems("SUP-004", [pod(), policy], { rules: [sup004] })).toEqual([problem]);
});
