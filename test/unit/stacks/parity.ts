import type { ControlId } from "../../../components/controls.ts";
import type { PlannedResource } from "../../support/plan.ts";
import { workloads } from "../../support/pods.ts";

/** What of a recorded plan shows that a control is there. `moot` where the environment has nothing that it guards. */
export type Finding = "present" | "absent" | "moot";

/** Reads one control off a recorded plan. */
export type Look = (plan: readonly PlannedResource[]) => Finding;

type Inputs = Readonly<Record<string, unknown>>;

const found = (is: boolean): Finding => (is ? "present" : "absent");

/** Inputs of every resource of a type, by the end of its token. */
function all(plan: readonly PlannedResource[], type: string): readonly Inputs[] {
  return plan.filter((resource) => resource.type.endsWith(type)).map(({ inputs }) => inputs);
}

/** Whether there are resources of a type and each of them is as it should be. */
function each(plan: readonly PlannedResource[], type: string, holds: (inputs: Inputs) => boolean): boolean {
  const inputs = all(plan, type);
  return inputs.length > 0 && inputs.every(holds);
}

/** Whether one resource of a type is as it should be. */
function some(
  plan: readonly PlannedResource[],
  type: string,
  holds: (inputs: Inputs) => boolean = () => true,
): boolean {
  return all(plan, type).some(holds);
}

/** Whether a value is there, known or not. */
const given = (value: unknown) => value !== undefined && value !== null && value !== "";

/** A value at a path of keys. */
function at(inputs: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], inputs);
}

const text = (value: unknown) => JSON.stringify(value ?? "");

/** Taints and labels as each cloud writes them, of the pool of a role. */
function tainted(plan: readonly PlannedResource[], type: string, role: string): Finding {
  const pools = all(plan, type).filter((inputs) => {
    const labels = text(inputs["labels"]);
    return labels.includes(`"breakwater.dev/pool":"${role}"`) || labels.includes(`"value":"${role}"`);
  });
  if (pools.length === 0) return "moot";
  return found(
    pools.every(({ taints }) => text(taints).includes(`"value":"${role}"`) && /NO_?SCHEDULE/i.test(text(taints))),
  );
}

const isPublic = {
  aws: (plan: readonly PlannedResource[]) =>
    some(plan, "lb/loadBalancer:LoadBalancer", ({ internal }) => internal === false),
  alibaba: (plan: readonly PlannedResource[]) =>
    some(plan, "alb/loadBalancer:LoadBalancer", ({ addressType }) => addressType === "Internet"),
  tencent: (plan: readonly PlannedResource[]) => some(plan, "ClbInstance", ({ networkType }) => networkType === "OPEN"),
};

/** Nothing leads out of such a plan, so that there is nothing to filter. */
const hasNoWayOut = (plan: readonly PlannedResource[]) =>
  !some(plan, "natGateway:NatGateway") && !some(plan, "internetGateway:InternetGateway");

/** Its pg_hba.conf has `hostssl` lines only (test/service), for which it needs a certificate. */
const hasCertificate: Look = (plan) => {
  const secrets = all(plan, "index:SecretFiles").filter(({ name }) => name === "postgres-secrets");
  return found(secrets.length > 0 && secrets.every((secret) => given(at(secret, "files", "tls.crt"))));
};

/** Controls of Kubernetes alone, which look the same wherever it runs. */
export const EVERYWHERE: Readonly<Partial<Record<ControlId, Look>>> = {
  "pods/default-deny": (plan) => {
    const policies = all(plan, ":NetworkPolicy").filter((policy) => text(at(policy, "spec", "podSelector")) === "{}");
    const denied = new Set(policies.map((policy) => at(policy, "metadata", "namespace")));
    const namespaces = all(plan, "core/v1:Namespace").map((inputs) => String(at(inputs, "metadata", "name")));
    const ours = namespaces.filter((name) => name === "breakwater" || name.startsWith("tenant-"));
    return found(ours.length > 0 && ours.every((name) => denied.has(name)));
  },
  "pods/restricted": (plan) => {
    const ours = workloads(plan.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))).filter(({ at: place }) =>
      /^(breakwater|tenant-)/.test(place),
    );
    const fixed = ({ securityContext }: { securityContext?: unknown }) =>
      at(securityContext, "allowPrivilegeEscalation") === false &&
      at(securityContext, "readOnlyRootFilesystem") === true;
    return found(ours.length > 0 && ours.every(({ containers }) => containers.every(fixed)));
  },
  "sandbox/own-kernel": (plan) => {
    const sandboxes = workloads(plan.filter(({ type }) => /:(Deployment|StatefulSet)$/.test(type))).filter(
      ({ at: place }) => place.endsWith("/sandbox"),
    );
    return found(sandboxes.length > 0 && sandboxes.every(({ pod }) => given(pod.runtimeClassName)));
  },
};

/** Controls that each cloud has in its own words. What is not listed is absent. */
export const LOOKS: Readonly<Record<string, Readonly<Partial<Record<ControlId, Look>>>>> = {
  local: {
    "database/private": insideTheCluster,
    "database/tls-only": hasCertificate,
    "entry/firewall": () => "moot",
  },
  dgx: {
    "database/private": insideTheCluster,
    "database/tls-only": hasCertificate,
    "database/backups": (plan) => found(some(plan, "batch/v1:CronJob")),
    "sandbox/own-nodes": (plan) => onOwnNodes(plan, "sandbox"),
    "gpu/own-nodes": (plan) => found(text(all(plan, "helm.sh/v3:Release")).includes('"breakwater.dev/pool"')),
    "entry/firewall": () => "moot",
  },
  aws: {
    "sandbox/own-nodes": (plan) => tainted(plan, "nodeGroup:NodeGroup", "sandbox"),
    "gpu/own-nodes": (plan) => tainted(plan, "nodeGroup:NodeGroup", "gpu"),
    "cluster/private-api": (plan) =>
      found(
        each(
          plan,
          "eks/cluster:Cluster",
          (cluster) =>
            at(cluster, "vpcConfig", "endpointPublicAccess") === false &&
            at(cluster, "vpcConfig", "endpointPrivateAccess") === true,
        ),
      ),
    "cluster/secrets-encrypted": (plan) =>
      found(
        each(
          plan,
          "eks/cluster:Cluster",
          (cluster) =>
            given(at(cluster, "encryptionConfig", "provider", "keyArn")) &&
            text(at(cluster, "encryptionConfig", "resources")) === '["secrets"]',
        ),
      ),
    "cluster/audit-log": (plan) =>
      found(
        each(plan, "eks/cluster:Cluster", (cluster) => text(cluster["enabledClusterLogTypes"]).includes('"audit"')),
      ),
    "cluster/network-policy": (plan) =>
      found(
        some(
          plan,
          "eks/addon:Addon",
          ({ addonName, configurationValues }) =>
            addonName === "vpc-cni" && /"enableNetworkPolicy"\s*:\s*"true"/.test(String(configurationValues)),
        ),
      ),
    "nodes/metadata-guarded": (plan) =>
      found(
        each(
          plan,
          "launchTemplate:LaunchTemplate",
          (template) => at(template, "metadataOptions", "httpTokens") === "required",
        ),
      ),
    "nodes/disks-encrypted": (plan) =>
      found(
        each(plan, "launchTemplate:LaunchTemplate", (template) =>
          given(at(template, "blockDeviceMappings", 0, "ebs", "kmsKeyId")),
        ),
      ),
    "network/flow-logs": (plan) => found(each(plan, "flowLog:FlowLog", ({ trafficType }) => trafficType === "ALL")),
    "network/egress-filter": (plan) =>
      found(
        each(plan, "firewallPolicy:FirewallPolicy", (policy) =>
          text(at(policy, "firewallPolicy", "statefulDefaultActions")).includes("aws:drop"),
        ),
      ),
    "database/private": (plan) =>
      found(each(plan, "rds/instance:Instance", ({ publiclyAccessible }) => publiclyAccessible === false)),
    "database/encrypted": (plan) =>
      found(
        each(
          plan,
          "rds/instance:Instance",
          ({ storageEncrypted, kmsKeyId }) => storageEncrypted === true && given(kmsKeyId),
        ),
      ),
    "database/tls-only": (plan) =>
      found(
        each(plan, "rds/parameterGroup:ParameterGroup", ({ parameters }) =>
          text(parameters).includes('{"name":"rds.force_ssl","value":"1"}'),
        ),
      ),
    "database/delete-protected": (plan) =>
      found(each(plan, "rds/instance:Instance", ({ deletionProtection }) => deletionProtection === true)),
    "database/backups": (plan) =>
      found(each(plan, "rds/instance:Instance", ({ backupRetentionPeriod }) => Number(backupRetentionPeriod) > 0)),
    "audit/object-lock": (plan) =>
      found(
        some(
          plan,
          "bucketObjectLockConfiguration:BucketObjectLockConfiguration",
          (lock) => at(lock, "rule", "defaultRetention", "mode") === "COMPLIANCE",
        ),
      ),
    "backup/locked": (plan) =>
      found(
        some(
          plan,
          "vaultLockConfiguration:VaultLockConfiguration",
          ({ changeableForDays, minRetentionDays }) => given(changeableForDays) && given(minRetentionDays),
        ),
      ),
    "keys/rotated": (plan) => found(each(plan, "kms/key:Key", ({ enableKeyRotation }) => enableKeyRotation === true)),
    "registry/immutable": (plan) =>
      found(each(plan, "ecr/repository:Repository", ({ imageTagMutability }) => imageTagMutability === "IMMUTABLE")),
    "registry/scanned": (plan) =>
      found(
        each(
          plan,
          "ecr/repository:Repository",
          (repository) => at(repository, "imageScanningConfiguration", "scanOnPush") === true,
        ),
      ),
    "entry/tls-floor": (plan) =>
      found(
        each(
          plan,
          "lb/listener:Listener",
          ({ sslPolicy, protocol }) => protocol === "HTTPS" && /TLS13-1-[23]/.test(String(sslPolicy)),
        ),
      ),
    "entry/firewall": (plan) =>
      isPublic.aws(plan) ? found(some(plan, "webAclAssociation:WebAclAssociation")) : "moot",
    "cloud/trail": (plan) =>
      found(
        each(
          plan,
          "cloudtrail/trail:Trail",
          ({ isMultiRegionTrail, enableLogFileValidation }) =>
            isMultiRegionTrail === true && enableLogFileValidation === true,
        ),
      ),
  },
  alibaba: {
    "sandbox/own-nodes": (plan) => tainted(plan, "cs/nodePool:NodePool", "sandbox"),
    "gpu/own-nodes": (plan) => tainted(plan, "cs/nodePool:NodePool", "gpu"),
    "cluster/private-api": (plan) =>
      found(each(plan, ":ManagedKubernetes", ({ slbInternetEnabled }) => slbInternetEnabled === false)),
    "cluster/secrets-encrypted": (plan) =>
      found(
        each(
          plan,
          ":ManagedKubernetes",
          ({ encryptionProviderKey, disableEncryption }) => given(encryptionProviderKey) && disableEncryption === false,
        ),
      ),
    "cluster/audit-log": (plan) =>
      found(each(plan, ":ManagedKubernetes", (cluster) => at(cluster, "auditLogConfig", "enabled") === true)),
    "cluster/network-policy": (plan) =>
      found(each(plan, ":ManagedKubernetes", ({ addons }) => text(addons).includes('\\"NetworkPolicy\\":\\"true\\"'))),
    "nodes/metadata-guarded": (plan) =>
      found(
        each(plan, "cs/nodePool:NodePool", (pool) => at(pool, "instanceMetadataOptions", "httpTokens") === "required"),
      ),
    "nodes/disks-encrypted": (plan) =>
      found(
        each(
          plan,
          "cs/nodePool:NodePool",
          ({ systemDiskEncrypted, systemDiskKmsKey }) => systemDiskEncrypted === true && given(systemDiskKmsKey),
        ),
      ),
    "network/flow-logs": (plan) =>
      found(
        each(plan, "vpc/flowLog:FlowLog", ({ trafficType, status }) => trafficType === "All" && status === "Active"),
      ),
    "network/egress-filter": (plan) =>
      hasNoWayOut(plan)
        ? "moot"
        : found(
            some(
              plan,
              ":NatFirewallControlPolicy",
              ({ aclAction, destination }) => aclAction === "drop" && destination === "0.0.0.0/0",
            ),
          ),
    "database/private": (plan) =>
      found(
        all(plan, "rds/connection:Connection").length === 0 &&
          each(
            plan,
            "rds/instance:Instance",
            ({ vswitchId, securityIps }) => given(vswitchId) && !text(securityIps).includes("0.0.0.0/0"),
          ),
      ),
    "database/encrypted": (plan) =>
      found(each(plan, "rds/instance:Instance", ({ encryptionKey }) => given(encryptionKey))),
    "database/tls-only": (plan) =>
      found(
        each(plan, "rds/instance:Instance", ({ sslAction, pgHbaConfs }) => {
          const rules = pgHbaConfs as readonly { readonly type: string; readonly method: string }[] | undefined;
          // What no rule lets in is refused.
          const plain = rules?.filter(({ type }) => type !== "hostssl") ?? [];
          return sslAction === "Open" && given(rules?.[0]) && plain.every(({ method }) => method === "reject");
        }),
      ),
    "database/delete-protected": (plan) =>
      found(each(plan, "rds/instance:Instance", ({ deletionProtection }) => deletionProtection === true)),
    "database/backups": (plan) =>
      found(
        each(plan, "rds/backupPolicy:BackupPolicy", ({ backupRetentionPeriod }) => Number(backupRetentionPeriod) > 0),
      ),
    "audit/object-lock": (plan) =>
      found(
        some(
          plan,
          ":BucketObjectWormConfiguration",
          (lock) => at(lock, "rule", "defaultRetention", "mode") === "COMPLIANCE",
        ),
      ),
    "backup/locked": (plan) => found(each(plan, "hbr/vault:Vault", ({ wormEnabled }) => wormEnabled === true)),
    "keys/rotated": (plan) =>
      found(each(plan, "kms/key:Key", ({ automaticRotation }) => automaticRotation === "Enabled")),
    "registry/immutable": (plan) =>
      found(each(plan, ":RegistryEnterpriseRepo", ({ tagImmutability }) => tagImmutability === true)),
    "registry/scanned": (plan) =>
      found(each(plan, "cr/scanRule:ScanRule", ({ triggerType }) => triggerType === "AUTO")),
    "entry/tls-floor": (plan) =>
      found(
        /tls_cipher_policy_1_[23]/.test(text(all(plan, ":AlbConfig"))) ||
          some(plan, "alb/securityPolicy:SecurityPolicy"),
      ),
    "entry/firewall": (plan) =>
      isPublic.alibaba(plan)
        ? found(
            some(
              plan,
              "alb/loadBalancer:LoadBalancer",
              ({ loadBalancerEdition }) => loadBalancerEdition === "StandardWithWaf",
            ),
          )
        : "moot",
    "cloud/trail": (plan) =>
      found(
        each(plan, "actiontrail/trail:Trail", ({ trailRegion, eventRw }) => trailRegion === "All" && eventRw === "All"),
      ),
  },
  tencent: {
    "sandbox/own-nodes": (plan) => tainted(plan, ":KubernetesNativeNodePool", "sandbox"),
    "gpu/own-nodes": (plan) => tainted(plan, ":KubernetesNativeNodePool", "gpu"),
    "cluster/private-api": (plan) =>
      found(
        each(
          plan,
          ":KubernetesClusterEndpoint",
          ({ clusterInternet, clusterIntranet }) => clusterInternet === false && clusterIntranet === true,
        ),
      ),
    "cluster/secrets-encrypted": (plan) =>
      found(
        each(plan, ":KubernetesEncryptionProtection", (protection) =>
          given(at(protection, "kmsConfiguration", "keyId")),
        ),
      ),
    "cluster/audit-log": (plan) =>
      found(each(plan, ":KubernetesCluster", (cluster) => at(cluster, "clusterAudit", "enabled") === true)),
    "cluster/network-policy": (plan) =>
      found(some(plan, ":KubernetesAddon", ({ addonName }) => addonName === "NetworkPolicy")),
    "nodes/disks-encrypted": (plan) =>
      found(each(plan, ":KubernetesNativeNodePool", (pool) => given(at(pool, "native", "systemDisk", "kmsKeyId")))),
    "network/flow-logs": (plan) => found(each(plan, ":VpcFlowLog", ({ trafficType }) => trafficType === "ALL")),
    "network/egress-filter": (plan) =>
      hasNoWayOut(plan)
        ? "moot"
        : found(
            some(
              plan,
              ":CfwNatPolicy",
              ({ ruleAction, targetContent }) => ruleAction === "drop" && targetContent === "0.0.0.0/0",
            ),
          ),
    "database/private": (plan) =>
      found(each(plan, ":PostgresqlInstance", ({ publicAccessSwitch }) => publicAccessSwitch === false)),
    "database/encrypted": (plan) =>
      found(
        each(plan, ":PostgresqlInstance", ({ needSupportTde, kmsKeyId }) => needSupportTde === 1 && given(kmsKeyId)),
      ),
    "database/delete-protected": (plan) =>
      found(
        each(
          plan,
          ":PostgresqlInstance",
          ({ deleteProtection, deleteProtect }) => deleteProtection === true || deleteProtect === true,
        ),
      ),
    "database/backups": (plan) =>
      found(
        each(
          plan,
          ":PostgresqlInstance",
          (instance) => Number(at(instance, "backupPlan", "baseBackupRetentionPeriod")) > 0,
        ),
      ),
    "audit/object-lock": (plan) =>
      found(some(plan, ":CosBucket", (bucket) => at(bucket, "objectLockConfiguration", "enabled") === true)),
    "keys/rotated": (plan) => found(each(plan, ":KmsKey", ({ keyRotationEnabled }) => keyRotationEnabled === true)),
    "registry/immutable": (plan) =>
      found(each(plan, ":TcrImmutableTagRule", ({ rule }) => at(rule, "disabled") === false)),
    "registry/scanned": (plan) => found(each(plan, ":TcrNamespace", ({ isAutoScan }) => isAutoScan === true)),
    "entry/tls-floor": (plan) =>
      found(
        each(plan, ":ClbCustomizedConfig", ({ configContent }) =>
          String(configContent).includes("ssl_protocols TLSv1.2 TLSv1.3;"),
        ),
      ),
    "entry/firewall": (plan) => (isPublic.tencent(plan) ? found(some(plan, ":WafClbDomain")) : "moot"),
    "cloud/trail": (plan) =>
      found(each(plan, ":AuditTrack", ({ status, actionType }) => status === 1 && actionType === "*")),
  },
};

/** The database in the cluster has a Service that no load balancer leads to. */
function insideTheCluster(plan: readonly PlannedResource[]): Finding {
  const services = all(plan, "core/v1:Service").filter((service) => at(service, "metadata", "name") === "postgres");
  const outside = services.filter((service) =>
    ["LoadBalancer", "NodePort"].includes(String(at(service, "spec", "type"))),
  );
  return found(services.length > 0 && outside.length === 0);
}

function onOwnNodes(plan: readonly PlannedResource[], role: string): Finding {
  const sandboxes = plan.filter(({ type, name }) => type.endsWith(":Deployment") && name.endsWith("-sandbox"));
  return found(
    sandboxes.length > 0 &&
      sandboxes.every(({ inputs }) =>
        text(at(inputs, "spec", "template", "spec", "nodeSelector")).includes(`"${role}"`),
      ),
  );
}
