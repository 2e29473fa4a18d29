import { describe, expect, test } from "vitest";
import type { RawResource } from "../../../../policies/evaluate.ts";
import { k8s001 } from "../../../../policies/rules/k8s-001.ts";
import { k8s002 } from "../../../../policies/rules/k8s-002.ts";
import { k8s011 } from "../../../../policies/rules/k8s-011.ts";
import { k8s014 } from "../../../../policies/rules/k8s-014.ts";
import { k8s016 } from "../../../../policies/rules/k8s-016.ts";
import { judged, planned, problems } from "../../../support/judge.ts";

const later = { __pulumiUnknown: true };

const eksInputs = {
  version: "1.35",
  upgradePolicy: { supportType: "STANDARD" },
  enabledClusterLogTypes: ["api", "audit", "authenticator", "scheduler"],
  encryptionConfig: { provider: { keyArn: later }, resources: ["secrets"] },
  accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
};
const ackInputs = {
  version: "1.34",
  encryptionProviderKey: later,
  disableEncryption: false,
  auditLogConfig: { enabled: true },
  controlPlaneLogComponents: ["apiserver", "scheduler"],
  addons: [{ name: "terway-eniip" }, { name: "ack-ram-authenticator" }],
};
const tkeInputs = { clusterVersion: "1.34.1", clusterAudit: { enabled: true, topicId: later } };

const eks = (change: object = {}) => planned("aws:eks/cluster:Cluster", { ...eksInputs, ...change });
const ack = (change: object = {}) =>
  planned("alicloud:cs/managedKubernetes:ManagedKubernetes", { ...ackInputs, ...change });
const tke = (change: object = {}) =>
  planned("tencentcloud:index/kubernetesCluster:KubernetesCluster", { ...tkeInputs, ...change });
const without = <T extends object>(inputs: T, key: keyof T): object => {
  const { [key]: _, ...rest } = inputs;
  return rest;
};
const tkeKey = (kmsConfiguration: object = { keyId: later, kmsRegion: "ap-guangzhou" }) =>
  planned("tencentcloud:index/kubernetesEncryptionProtection:KubernetesEncryptionProtection", { kmsConfiguration });
const entry = planned("aws:eks/accessEntry:AccessEntry", { principalArn: later });
const permissions = planned("tencentcloud:index/kubernetesUserPermissions:KubernetesUserPermissions", {
  permissions: [{ roleName: "tke:admin", roleType: "cluster" }],
});

describe.each([
  [k8s001, [eks(), ack(), tke(), tkeKey()]],
  [k8s002, [eks(), ack(), tke()]],
  [k8s014, [eks(), ack(), tke()]],
  [k8s016, [eks(), entry, ack(), tke(), permissions]],
])("$id", (rule, resources) => {
  test("clusters as they should be pass, though their keys are known later", () => {
    expect(judged(rule.id, resources, { rules: [rule] }).outcome).toBe("passed");
  });

  test("without a cluster of ours it does not apply", () => {
    expect(judged(rule.id, [], { rules: [rule] }).outcome).toBe("does not apply");
  });
});

test.each<[string, RawResource[]]>([
  ["encryptionConfig is missing", [eks({ encryptionConfig: undefined })]],
  ["encryptionConfig names no key", [eks({ encryptionConfig: { provider: {}, resources: ["secrets"] } })]],
  ["encryptionConfig leaves secrets out", [eks({ encryptionConfig: { provider: { keyArn: later }, resources: [] } })]],
  [
    "encryptionProviderKey is missing",
    [planned("alicloud:cs/managedKubernetes:ManagedKubernetes", { ...without(ackInputs, "encryptionProviderKey") })],
  ],
  ["disableEncryption is true", [ack({ disableEncryption: true })]],
  ["no KubernetesEncryptionProtection is planned", [tke()]],
  ["kmsConfiguration names no key", [tke(), tkeKey({ kmsRegion: "ap-guangzhou" })]],
])("K8S-001: %s", (problem, resources) => {
  expect(problems("K8S-001", resources, { rules: [k8s001] })).toEqual([problem]);
});

test.each<[string, RawResource]>([
  ["enabledClusterLogTypes lacks audit", eks({ enabledClusterLogTypes: ["api", "authenticator"] })],
  ["controlPlaneLogComponents lacks apiserver", ack({ controlPlaneLogComponents: ["kcm"] })],
  ["auditLogConfig.enabled is not true", ack({ auditLogConfig: undefined })],
  ["clusterAudit.enabled is not true", tke({ clusterAudit: { enabled: false } })],
])("K8S-002: %s", (problem, resource) => {
  expect(problems("K8S-002", [resource], { rules: [k8s002] })).toEqual([problem]);
});

test.each<[string, RawResource]>([
  ["version is 1.33; in standard support are 1.34, 1.35", eks({ version: "1.33" })],
  ["version is not named; in standard support are 1.34, 1.35", eks({ version: undefined })],
  ["upgradePolicy.supportType is not STANDARD", eks({ upgradePolicy: { supportType: "EXTENDED" } })],
  ["upgradePolicy.supportType is not STANDARD", eks({ upgradePolicy: undefined })],
  ["version is 1.31.1-aliyun.1; in standard support are 1.32, 1.33, 1.34", ack({ version: "1.31.1-aliyun.1" })],
  ["version is 1.32.2; in standard support are 1.34", tke({ clusterVersion: "1.32.2" })],
])("K8S-014: %s", (problem, resource) => {
  expect(problems("K8S-014", [resource], { rules: [k8s014] })).toEqual([problem]);
});

const awsAuth = planned("kubernetes:core/v1:ConfigMap", { metadata: { name: "aws-auth", namespace: "kube-system" } });

test.each<[string, RawResource[]]>([
  [
    "accessConfig.authenticationMode is not API",
    [eks({ accessConfig: { ...eksInputs.accessConfig, authenticationMode: "API_AND_CONFIG_MAP" } }), entry],
  ],
  [
    "accessConfig.bootstrapClusterCreatorAdminPermissions is not false",
    [eks({ accessConfig: { authenticationMode: "API" } }), entry],
  ],
  ["no AccessEntry is planned", [eks()]],
  ["aws-auth hands out access", [eks(), entry, awsAuth]],
  ["addons lack ack-ram-authenticator", [ack({ addons: [{ name: "terway-eniip" }] })]],
  ["addons lack ack-ram-authenticator", [ack({ addons: [{ name: "ack-ram-authenticator", disabled: true }] })]],
  ["no KubernetesUserPermissions are planned, so that its certificate is all there is", [tke()]],
])("K8S-016: %s", (problem, resources) => {
  expect(problems("K8S-016", resources, { rules: [k8s016] })).toEqual([problem]);
});

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";
const role = (rule: object, kind = "ClusterRole") =>
  planned(`${rbac}:${kind}`, { rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"], ...rule }] });
const bound = (kind: string, name: string, as = "ClusterRoleBinding") =>
  planned(`${rbac}:${as}`, { roleRef: { name: "cluster-admin" }, subjects: [{ kind, name }] });
const administrator = (type: string) =>
  planned("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
    policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    accessScope: { type },
  });
const ramAdministrator = planned("alicloud:cs/kubernetesPermission:KubernetesPermission", {
  permissions: [{ cluster: "c", roleName: "admin", roleType: "cluster" }],
});
const second = "a second binding of the whole cluster's administration";

test.each<[string, RawResource[]]>([
  ["named rights", [role({}), role({}, "Role")]],
  ["one group of people", [bound("Group", "break-glass")]],
  ["one identity of AWS, and one of a namespace", [administrator("cluster"), administrator("namespace")]],
  ["one identity of Alibaba", [ramAdministrator]],
])("K8S-011: %s may be", (_, resources) => {
  expect(judged("K8S-011", resources, { rules: [k8s011] }).outcome).toBe("passed");
});

test.each<[string, RawResource[]]>([
  ["a rule's verbs has *", [role({ verbs: ["*"] })]],
  ["a rule's resources has *", [role({ resources: ["*"] }, "Role")]],
  ["a rule's apiGroups has *", [role({ apiGroups: ["*"] })]],
  ["cluster-admin is bound to ServiceAccount x", [bound("ServiceAccount", "x")]],
  ["cluster-admin is bound to Group system:authenticated", [bound("Group", "system:authenticated", "RoleBinding")]],
  [second, [administrator("cluster"), bound("Group", "break-glass")]],
  [second, [administrator("cluster"), ramAdministrator]],
  [second, [ramAdministrator, permissions]],
])("K8S-011: %s", (problem, resources) => {
  expect(problems("K8S-011", resources, { rules: [k8s011] })).toEqual([problem]);
});
