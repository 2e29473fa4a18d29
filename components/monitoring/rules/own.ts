import { JOBS } from "../jobs.ts";
import { type AlertRule, alertLabels, type RuleGroup, type Severity } from "./rule.ts";

/** What the platform watches of itself. */
export interface OwnAlerts {
  /** Who is told. */
  readonly notify: readonly string[];
  readonly vault: boolean;
  readonly gpu: boolean;
  /** Whether certificates are probed. */
  readonly certificates: boolean;
}

/** An alert before it knows who is told. */
interface Watched {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly severity: Severity;
  readonly says: string;
}

/** Days before a certificate ends at which there is still time to do something about it. */
const CERTIFICATE_DAYS = 14;

/** Records that pile up when a system that takes the audit log has been away for some hours. */
const LAGGING_RECORDS = 10_000;

/**
 * Whether a counter of refusals rose in five minutes. A counter that is seen for the first time rose as well, and
 * `increase` alone would not tell: there is nothing before it.
 */
function refusedFor(code: string): string {
  const refusals = `breakwater_refused_requests_total{code="${code}"}`;
  return `sum by (service) ((increase(${refusals}[5m]) > 0) or (${refusals} unless ${refusals} offset 5m)) > 0`;
}

/** Walls that stand for the one reason or the other: whenever one of these fires, requests are being refused. */
const WALLS: readonly Watched[] = [
  {
    alert: "audit_log_cannot_be_written",
    expr: refusedFor("audit/unavailable"),
    severity: "critical",
    says: "{{ $labels.service }} refuses requests because it cannot write its audit log",
  },
  {
    alert: "screening_failed",
    expr: refusedFor("screening/failed"),
    severity: "critical",
    says: "{{ $labels.service }} refuses requests because screening failed",
  },
  {
    alert: "budgets_cannot_be_checked",
    expr: refusedFor("budget/unavailable"),
    severity: "critical",
    says: "{{ $labels.service }} refuses requests because budgets cannot be checked",
  },
  {
    alert: "keys_cannot_be_read",
    expr: refusedFor("identity/unavailable"),
    severity: "critical",
    says: "{{ $labels.service }} refuses requests because the list of keys cannot be read",
  },
  {
    alert: "budget_used_up",
    expr: refusedFor("budget/exceeded"),
    severity: "warning",
    says: "{{ $labels.service }} refuses requests because a budget of this month is used up; the audit log says whose",
  },
  {
    alert: "all_model_providers_failing",
    expr: refusedFor("provider/unavailable"),
    severity: "critical",
    says: "{{ $labels.service }} has no model provider left: each one's circuit breaker is open",
  },
  {
    alert: "audit_export_lags",
    expr: `max by (service, export) (breakwater_audit_export_lag_records) > ${LAGGING_RECORDS}`,
    for: "15m",
    severity: "warning",
    says: "{{ $labels.export }} has not taken {{ $value }} records of {{ $labels.service }}",
  },
];

/** Parts that are there or not. */
const PARTS: readonly Watched[] = [
  down("front_door_down", JOBS.frontDoor, "nobody can reach an agent"),
  down("model_router_down", JOBS.router, "no agent can reach a model"),
  {
    alert: "replica_down",
    expr: `up{job=~"${JOBS.frontDoor}|${JOBS.router}"} == 0`,
    for: "5m",
    severity: "warning",
    says: "{{ $labels.instance }} does not answer on its operations port",
  },
  {
    alert: "cell_not_ready",
    expr: 'kube_statefulset_status_replicas_ready{namespace=~"tenant-.+"} < kube_statefulset_replicas{namespace=~"tenant-.+"}',
    for: "10m",
    severity: "warning",
    says: "{{ $labels.statefulset }} of {{ $labels.namespace }} is not ready",
  },
  {
    alert: "pod_keeps_restarting",
    expr: 'increase(kube_pod_container_status_restarts_total{namespace=~"breakwater|vault|inference|monitoring|tenant-.+"}[30m]) > 3',
    severity: "warning",
    says: "{{ $labels.container }} of {{ $labels.namespace }}/{{ $labels.pod }} restarted {{ $value }} times in 30 minutes",
  },
  {
    alert: "volume_fills",
    expr: "kubelet_volume_stats_available_bytes / kubelet_volume_stats_capacity_bytes < 0.1",
    for: "10m",
    severity: "warning",
    says: "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} left",
  },
];

const VAULT: Watched = {
  alert: "vault_sealed",
  // Telemetry of a sealed server may not be served at all, so that no answer counts as well.
  expr: `min by (instance) (vault_core_unsealed) == 0 or min by (instance) (up{job="${JOBS.vault}"}) == 0 or absent(up{job="${JOBS.vault}"})`,
  for: "2m",
  severity: "critical",
  says: "OpenBao {{ $labels.instance }} is sealed or gone",
};

const CERTIFICATES: readonly Watched[] = [
  {
    alert: "certificate_ends_soon",
    expr: `probe_ssl_earliest_cert_expiry - time() < ${CERTIFICATE_DAYS} * 86400`,
    severity: "warning",
    says: "the certificate of {{ $labels.instance }} ends in {{ $value | humanizeDuration }}",
  },
  {
    alert: "certificate_cannot_be_read",
    expr: `probe_success{job="${JOBS.certificates}"} == 0`,
    for: "10m",
    severity: "warning",
    says: "{{ $labels.instance }} does not answer over TLS with a certificate that is trusted",
  },
];

const GPU: Watched = {
  alert: "gpu_error",
  // The gauge holds the last error, and keeps it.
  expr: "DCGM_FI_DEV_XID_ERRORS > 0 and changes(DCGM_FI_DEV_XID_ERRORS[10m]) > 0",
  severity: "warning",
  says: "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reported XID {{ $value }}",
};

/** Fires always: whoever does not hear of it any more knows that alerting itself is broken. */
const ALWAYS: Watched = {
  alert: "alerting_works",
  expr: "vector(1)",
  severity: "none",
  says: "fires always, so that its absence tells that alerting is broken",
};

/** The alerts of the platform itself, over metrics that exist. */
export function ownGroup({ notify, vault, gpu, certificates }: OwnAlerts): RuleGroup {
  const watched = [
    ...WALLS,
    ...PARTS,
    ...(vault ? [VAULT] : []),
    ...(certificates ? CERTIFICATES : []),
    ...(gpu ? [GPU] : []),
  ];
  const alwaysThere = alertOf(ALWAYS, []);
  return { name: "breakwater-own", rules: [...watched.map((alert) => alertOf(alert, notify)), alwaysThere] };
}

function down(alert: string, job: string, so: string): Watched {
  return {
    alert,
    expr: `absent(up{job="${job}"} == 1)`,
    for: "2m",
    severity: "critical",
    says: `no replica of ${job} answers: ${so}`,
  };
}

function alertOf({ alert, expr, for: holds, severity, says }: Watched, notify: readonly string[]): AlertRule {
  return {
    alert,
    expr,
    ...(holds === undefined ? {} : { for: holds }),
    labels: alertLabels(severity, notify),
    annotations: { summary: alert.replaceAll("_", " "), description: says },
  };
}
