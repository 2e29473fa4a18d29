import type { Input } from "@pulumi/pulumi/output.js";
import { pinnedTo } from "../agents/pinned.ts";
import type { Placement } from "../platform.ts";
import { SMTP_SECRET } from "./alertmanager-config.ts";
import { type Mirror, mirroredImage } from "./images.ts";
import { MONITORING_LABELS, MONITORING_NAMESPACE, OPERATOR_LABELS } from "./names.ts";
import { VAULT_SECRET } from "./scrapes.ts";

/** What decides how Prometheus, Alertmanager and Grafana run. */
export interface StackValues {
  readonly placement: Placement;
  readonly storageClass: string;
  /** Volume of Prometheus, in GiB. */
  readonly storageGiB: number;
  readonly retentionDays: number;
  readonly mirror: Mirror | undefined;
  readonly scrapes: readonly object[];
  readonly alertmanager: object;
  /** Changes with the mail server's password; undefined where there is none. */
  readonly smtpFingerprint: Input<string> | undefined;
  /** Changes with the authority of the vault's certificate; undefined where there is no vault. */
  readonly vaultFingerprint: Input<string> | undefined;
  readonly grafana: object;
}

/** GiB of Alertmanager's volume: silences and what it told whom. */
const ALERTMANAGER_GIB = 1;

/** Of the volume, what samples may take; the rest is for the log that is written ahead. */
const USABLE = 0.85;

/**
 * kube-prometheus-stack as this platform runs it: one Prometheus and one Alertmanager on volumes, our own rules and
 * dashboards and none of the chart's, no exporter that needs the node, nothing that a tenant's namespace could add.
 */
export function stackValues(values: StackValues): Record<string, unknown> {
  return {
    fullnameOverride: "monitoring",
    crds: { enabled: true },
    defaultRules: { create: false },
    // Needs the node's network and files, which this namespace does not allow; kubelet tells enough.
    nodeExporter: { enabled: false },
    windowsMonitoring: { enabled: false },
    // Not reachable in a managed cluster.
    kubeApiServer: { enabled: false },
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
    coreDns: { enabled: false },
    kubelet: { enabled: true },
    kubeStateMetrics: { enabled: true },
    "kube-state-metrics": {
      ...mirroredImage("kubeStateMetrics", values.mirror),
      ...pinnedTo(values.placement),
      resources: small,
    },
    prometheusOperator: {
      ...mirroredImage("operator", values.mirror),
      prometheusConfigReloader: mirroredImage("configReloader", values.mirror),
      ...pinnedTo(values.placement),
      podLabels: OPERATOR_LABELS,
      // Our rules are checked before they get here, so that no webhook has to stand in the way of the API server.
      admissionWebhooks: { enabled: false },
      tls: { enabled: false },
      resources: small,
    },
    prometheus: { prometheusSpec: prometheusSpec(values) },
    alertmanager: { config: values.alertmanager, alertmanagerSpec: alertmanagerSpec(values) },
    grafana: values.grafana,
  };
}

const small = { requests: { cpu: "20m", memory: "64Mi" }, limits: { memory: "256Mi" } };

function prometheusSpec(values: StackValues): object {
  const { placement, mirror, storageClass, storageGiB, retentionDays, scrapes, vaultFingerprint } = values;
  return {
    ...mirroredImage("prometheus", mirror),
    ...pinnedTo(placement),
    replicas: 1,
    scrapeInterval: "30s",
    evaluationInterval: "30s",
    retention: `${retentionDays}d`,
    retentionSize: `${Math.floor(storageGiB * USABLE)}GiB`,
    enableAdminAPI: false,
    additionalScrapeConfigs: [...scrapes],
    ...ownObjectsOnly,
    storageSpec: claim(storageClass, storageGiB),
    resources: { requests: { cpu: "200m", memory: "1Gi" }, limits: { memory: "4Gi" } },
    ...(vaultFingerprint === undefined ? {} : mountedSecret(VAULT_SECRET.name, vaultFingerprint)),
  };
}

/** What Prometheus takes from objects of the cluster: those of this namespace, and rules of ours alone. */
const ownNamespace = { matchLabels: { "kubernetes.io/metadata.name": MONITORING_NAMESPACE } };
const ownObjectsOnly = {
  ruleSelectorNilUsesHelmValues: false,
  ruleSelector: { matchLabels: MONITORING_LABELS },
  ruleNamespaceSelector: ownNamespace,
  serviceMonitorNamespaceSelector: ownNamespace,
  podMonitorNamespaceSelector: ownNamespace,
  probeNamespaceSelector: ownNamespace,
  scrapeConfigNamespaceSelector: ownNamespace,
};

function alertmanagerSpec({ placement, mirror, storageClass, smtpFingerprint }: StackValues): object {
  return {
    ...mirroredImage("alertmanager", mirror),
    ...pinnedTo(placement),
    replicas: 1,
    retention: "120h",
    storage: claim(storageClass, ALERTMANAGER_GIB),
    resources: small,
    alertmanagerConfigNamespaceSelector: ownNamespace,
    ...(smtpFingerprint === undefined ? {} : mountedSecret(SMTP_SECRET.name, smtpFingerprint)),
  };
}

/** A Secret that the operator mounts, and the annotation that makes the pod start anew with it. */
function mountedSecret(name: string, fingerprint: Input<string>): object {
  return { secrets: [name], podMetadata: { annotations: { "breakwater.dev/secrets": fingerprint } } };
}

function claim(storageClassName: string, gib: number): object {
  const resources = { requests: { storage: `${gib}Gi` } };
  return { volumeClaimTemplate: { spec: { storageClassName, accessModes: ["ReadWriteOnce"], resources } } };
}
