import type { Input } from "@pulumi/pulumi/output.js";
import { pinnedTo } from "../agents/pinned.ts";
import type { Placement } from "../platform.ts";
import { type Mirror, mirroredImage } from "./images.ts";

/** Secret of the administrator's password, made from a file of the deploying machine. */
export const GRAFANA_SECRET = { name: "grafana-admin", key: "password" } as const;

/** ConfigMap of the dashboards, one JSON file each. */
export const DASHBOARDS_CONFIG_MAP = "dashboards";

/** `uid` of the data source that every panel names. */
export const DATA_SOURCE = "prometheus";

const FOLDER = "breakwater";

/** What decides how Grafana runs. */
export interface GrafanaValues {
  readonly placement: Placement;
  readonly mirror: Mirror | undefined;
  /** Changes with the password, so that Grafana starts anew with it. */
  readonly secretsFingerprint: Input<string>;
}

/**
 * Grafana as the chart takes it: signed-in people only, no account of their own making, nothing of the chart's dashboards,
 * no token of the cluster, no state beside what this repository gives it, and no word to anyone outside.
 */
export function grafanaValues({ placement, mirror, secretsFingerprint }: GrafanaValues): object {
  return {
    enabled: true,
    ...mirroredImage("grafana", mirror),
    ...pinnedTo(placement),
    // The chart's default password is in its values: this Secret takes its place.
    admin: { existingSecret: GRAFANA_SECRET.name, passwordKey: GRAFANA_SECRET.key },
    env: { GF_SECURITY_ADMIN_USER: "admin" },
    podAnnotations: { "breakwater.dev/secrets": secretsFingerprint },
    defaultDashboardsEnabled: false,
    forceDeployDatasources: false,
    forceDeployDashboards: false,
    sidecar: { dashboards: { enabled: false }, datasources: { enabled: false } },
    rbac: { create: false },
    serviceAccount: { create: true, automountServiceAccountToken: false },
    automountServiceAccountToken: false,
    serviceMonitor: { enabled: false },
    testFramework: { enabled: false },
    persistence: { enabled: false },
    initChownData: { enabled: false },
    ingress: { enabled: false },
    service: { type: "ClusterIP" },
    resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
    "grafana.ini": settings,
    datasources: { "datasources.yaml": { apiVersion: 1, datasources: [prometheus] } },
    dashboardProviders: { "dashboardproviders.yaml": { apiVersion: 1, providers: [provider] } },
    dashboardsConfigMaps: { [FOLDER]: DASHBOARDS_CONFIG_MAP },
  };
}

const settings = {
  "auth.anonymous": { enabled: false },
  "auth.basic": { enabled: true },
  users: { allow_sign_up: false, allow_org_create: false },
  analytics: { reporting_enabled: false, check_for_updates: false, check_for_plugin_updates: false },
  news: { news_feed_enabled: false },
  security: { disable_gravatar: true, cookie_samesite: "strict", content_security_policy: true },
  snapshots: { enabled: false, external_enabled: false },
  public_dashboards: { enabled: false },
  plugins: { plugin_admin_enabled: false, preinstall_disabled: true, public_key_retrieval_disabled: true },
};

const prometheus = {
  name: "Prometheus",
  uid: DATA_SOURCE,
  type: "prometheus",
  access: "proxy",
  // The operator makes this Service beside every Prometheus.
  url: "http://prometheus-operated:9090",
  isDefault: true,
  editable: false,
};

const provider = {
  name: FOLDER,
  orgId: 1,
  folder: "Breakwater",
  type: "file",
  disableDeletion: true,
  allowUiUpdates: false,
  options: { path: `/var/lib/grafana/dashboards/${FOLDER}` },
};
