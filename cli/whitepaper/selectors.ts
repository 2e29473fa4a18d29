import type { PlannedResource } from "../plan/recorder.ts";
import { at, kindOf, listAt, namespaceOf, objectName, textAt } from "./view.ts";

/** Resources that a statement is about, and what has to be true of every one of them. */
export interface Selector {
  readonly about: (resource: PlannedResource) => boolean;
  /** @default true of all */
  readonly holds?: (resource: PlannedResource, plan: readonly PlannedResource[]) => boolean;
}

const ofType = (...types: readonly string[]) => {
  const set = new Set(types);
  return ({ type }: PlannedResource) => set.has(type);
};
const isKind =
  (...kinds: readonly string[]) =>
  (resource: PlannedResource) =>
    resource.type.startsWith("kubernetes:") && kinds.includes(kindOf(resource));
const policyNamed =
  (...names: readonly string[]) =>
  (resource: PlannedResource) =>
    isKind("NetworkPolicy")(resource) && names.includes(objectName(resource));
const given = (value: unknown) => value !== undefined && value !== null && value !== "";

/** A policy that selects every pod of its namespace and allows nothing. */
function deniesAll(policy: PlannedResource): boolean {
  const { spec } = policy.inputs;
  const selector = at(spec, "podSelector");
  return (
    isKind("NetworkPolicy")(policy) &&
    typeof selector === "object" &&
    selector !== null &&
    Object.keys(selector).length === 0 &&
    listAt(spec, "ingress").length === 0 &&
    listAt(spec, "egress").length === 0 &&
    ["Ingress", "Egress"].every((side) => listAt(spec, "policyTypes").includes(side))
  );
}

/**
 * Whether a policy governs a side and every rule of that side is as it should be. Rules that only an update knows, and
 * sides that the policy does not name, are not: what cannot be read is not claimed.
 */
function governs(policy: PlannedResource, side: "Ingress" | "Egress", isFine: (peer: unknown) => boolean): boolean {
  const { spec } = policy.inputs;
  const [rules, peers] = side === "Ingress" ? (["ingress", "from"] as const) : (["egress", "to"] as const);
  const all = at(spec, rules) ?? [];
  return (
    Array.isArray(all) &&
    listAt(spec, "policyTypes").includes(side) &&
    all.every((rule) => listAt(rule, peers).length > 0 && listAt(rule, peers).every(isFine))
  );
}

/** A peer that stands for pods, and for no range of addresses. */
const isPods = (peer: unknown) => at(peer, "ipBlock") === undefined && at(peer, "podSelector") !== undefined;

/** What a cell may reach: the model router, its sandbox, name resolution. */
function isOfCell(peer: unknown): boolean {
  const component = textAt(peer, "podSelector", "matchLabels", "app.kubernetes.io/component");
  const namespace = textAt(peer, "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name");
  return isPods(peer) && (["router", "sandbox"].includes(component) || namespace === "kube-system");
}

/** Whether pods run as a plain user, with no capability and no way to write their own files. */
function isConfined({ inputs }: PlannedResource): boolean {
  const pod = at(inputs, "spec", "template", "spec");
  const containers = [...listAt(pod, "initContainers"), ...listAt(pod, "containers")];
  return (
    containers.length > 0 &&
    containers.every((container) => {
      const own = at(container, "securityContext");
      const nonRoot = at(own, "runAsNonRoot") ?? at(pod, "securityContext", "runAsNonRoot");
      return (
        nonRoot === true &&
        at(own, "allowPrivilegeEscalation") === false &&
        at(own, "readOnlyRootFilesystem") === true &&
        listAt(own, "capabilities", "drop").includes("ALL")
      );
    })
  );
}

const isTenantNamespace = (resource: PlannedResource) =>
  isKind("Namespace")(resource) && objectName(resource).startsWith("tenant-");

/** What the statements are about. A cloud's resource is named where its inputs say the thing, and left out where they do not. */
export const SELECTORS = {
  policies: { about: isKind("NetworkPolicy") },
  walledNamespaces: {
    about: (resource) =>
      isTenantNamespace(resource) || (isKind("Namespace")(resource) && objectName(resource) === "breakwater"),
    holds: (namespace, plan) =>
      plan.some((policy) => deniesAll(policy) && namespaceOf(policy) === objectName(namespace)),
  },
  closedToAddresses: {
    about: policyNamed("cell", "sandbox", "router"),
    holds: (policy) => governs(policy, "Ingress", isPods),
  },
  tenantNamespaces: {
    about: isTenantNamespace,
    holds: ({ inputs }) => textAt(inputs, "metadata", "labels", "pod-security.kubernetes.io/enforce") === "restricted",
  },
  cellPolicies: { about: policyNamed("cell"), holds: (policy) => governs(policy, "Egress", isOfCell) },
  sandboxes: {
    about: (resource) => isKind("StatefulSet", "Deployment")(resource) && objectName(resource) === "sandbox",
    holds: ({ inputs }) => textAt(inputs, "spec", "template", "spec", "runtimeClassName") !== "",
  },
  clocks: {
    about: (resource) => isKind("StatefulSet", "Deployment")(resource) && objectName(resource) === "sandbox",
    holds: ({ inputs }) =>
      listAt(inputs, "spec", "template", "spec", "containers").some((container) =>
        listAt(container, "env").some((variable) => textAt(variable, "name") === "MAX_WALL_SECONDS"),
      ),
  },
  admission: {
    about: isKind("ValidatingAdmissionPolicyBinding"),
    holds: ({ inputs }) => listAt(inputs, "spec", "validationActions").includes("Deny"),
  },
  sandboxPolicies: { about: policyNamed("sandbox"), holds: (policy) => governs(policy, "Egress", () => false) },
  workloads: { about: isKind("Deployment", "StatefulSet"), holds: isConfined },
  borderFilters: {
    about: ofType(
      "aws:networkfirewall/firewallPolicy:FirewallPolicy",
      "alicloud:cloudfirewall/natFirewallControlPolicy:NatFirewallControlPolicy",
      "tencentcloud:index/cfwNatPolicy:CfwNatPolicy",
    ),
  },
  tlsListeners: {
    about: ofType("aws:lb/listener:Listener"),
    holds: ({ inputs }) => inputs["protocol"] === "HTTPS" && given(inputs["sslPolicy"]),
  },
  databases: {
    about: ofType(
      "aws:rds/instance:Instance",
      "alicloud:rds/instance:Instance",
      "tencentcloud:index/postgresqlInstance:PostgresqlInstance",
    ),
    holds: ({ inputs }) =>
      (inputs["storageEncrypted"] === true && given(inputs["kmsKeyId"])) ||
      given(inputs["encryptionKey"]) ||
      (inputs["needSupportTde"] === 1 && given(inputs["kmsKeyId"])),
  },
  databaseTls: {
    about: ofType(
      "aws:rds/parameterGroup:ParameterGroup",
      "alicloud:rds/instance:Instance",
      "tencentcloud:index/postgresqlInstanceSslConfig:PostgresqlInstanceSslConfig",
    ),
    holds: ({ inputs }) =>
      inputs["sslAction"] === "Open" ||
      inputs["sslEnabled"] === true ||
      listAt(inputs, "parameters").some(
        (parameter) => at(parameter, "name") === "rds.force_ssl" && at(parameter, "value") === "1",
      ),
  },
  fileSystems: {
    about: ofType("aws:efs/fileSystem:FileSystem", "alicloud:nas/fileSystem:FileSystem"),
    holds: ({ inputs }) => (inputs["encrypted"] === true || inputs["encryptType"] === 2) && given(inputs["kmsKeyId"]),
  },
  buckets: {
    about: ofType(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      "alicloud:oss/bucketServerSideEncryption:BucketServerSideEncryption",
      "tencentcloud:index/cosBucket:CosBucket",
    ),
    holds: ({ inputs }) =>
      given(inputs["sseAlgorithm"]) || given(inputs["encryptionAlgorithm"]) || listAt(inputs, "rules").length > 0,
  },
  keys: {
    about: ofType("aws:kms/key:Key", "alicloud:kms/key:Key", "tencentcloud:index/kmsKey:KmsKey"),
    holds: ({ inputs }) =>
      inputs["enableKeyRotation"] === true ||
      inputs["automaticRotation"] === "Enabled" ||
      inputs["keyRotationEnabled"] === true,
  },
  secretFiles: { about: ofType("breakwater:index:SecretFiles") },
  certificates: {
    about: (resource) =>
      ofType("breakwater:index:SecretFiles")(resource) && given(at(resource.inputs, "files", "tls.crt")),
  },
  vault: { about: ofType("breakwater:vault:Vault") },
  auditVolumes: {
    about: (resource) => isKind("PersistentVolumeClaim")(resource) && /(^|-)audit$/.test(objectName(resource)),
  },
  signingKeys: {
    about: (resource) =>
      ofType("breakwater:index:SecretFiles")(resource) && given(at(resource.inputs, "files", "audit-signing-key")),
  },
  lockedObjects: {
    about: (resource) =>
      ofType(
        "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "alicloud:oss/bucketObjectWormConfiguration:BucketObjectWormConfiguration",
      )(resource) ||
      (ofType("tencentcloud:index/cosBucket:CosBucket")(resource) &&
        resource.inputs["objectLockConfiguration"] !== undefined),
    holds: ({ inputs }) =>
      at(inputs, "rule", "defaultRetention", "mode") === "COMPLIANCE" ||
      at(inputs, "objectLockConfiguration", "enabled") === true,
  },
  accountTrails: {
    about: ofType(
      "aws:cloudtrail/trail:Trail",
      "alicloud:actiontrail/trail:Trail",
      "tencentcloud:index/auditTrack:AuditTrack",
    ),
  },
  flowLogs: {
    about: ofType(
      "aws:ec2/flowLog:FlowLog",
      "alicloud:vpc/flowLog:FlowLog",
      "tencentcloud:index/vpcFlowLog:VpcFlowLog",
    ),
  },
  alertRules: { about: isKind("PrometheusRule") },
  backups: {
    about: (resource) =>
      ofType(
        "aws:backup/plan:Plan",
        "alicloud:hbr/policy:Policy",
        "tencentcloud:index/cbsSnapshotPolicy:CbsSnapshotPolicy",
      )(resource) ||
      (isKind("CronJob")(resource) && resource.parent.includes("Backup")),
  },
} as const satisfies Readonly<Record<string, Selector>>;
