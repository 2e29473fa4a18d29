/** Families that front door and model router offer on their operations port (runtime/metrics/service-metrics.ts). */
export const OWN_METRICS = [
  "openclaw_agent_response_time_seconds",
  "openclaw_llm_api_cost_usd",
  "openclaw_skill_execution_total",
  "breakwater_refused_requests_total",
  "breakwater_screening_hits_total",
  "breakwater_requests_in_flight",
  "breakwater_audit_export_lag_records",
] as const;

/** Upper ends, in seconds, of the buckets of the response time: a quantile never comes out above the last one. */
export const LARGEST_RESPONSE_BUCKET_SECONDS = 300;

/** Recorded by our own rules (rules/month-cost.ts). */
export const MONTH_COST = "breakwater:llm_cost_usd:month_to_date";

/**
 * Families of DCGM exporter in the list of counters that the GPU Operator gives it. Those of `PROF` are on data-centre GPUs
 * only. Source: NVIDIA/dcgm-exporter etc/dcp-metrics-included.csv, read 2026-11-24.
 */
export const DCGM_METRICS = [
  "DCGM_FI_DEV_GPU_UTIL",
  "DCGM_FI_DEV_FB_USED",
  "DCGM_FI_DEV_FB_FREE",
  "DCGM_FI_DEV_GPU_TEMP",
  "DCGM_FI_DEV_POWER_USAGE",
  "DCGM_FI_DEV_XID_ERRORS",
  "DCGM_FI_PROF_GR_ENGINE_ACTIVE",
  "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE",
] as const;

/**
 * Families of others that rules and dashboards read.
 * Sources, read 2026-11-24: kubernetes/kube-state-metrics docs/metrics; kubelet and cAdvisor as kube-prometheus-stack
 * scrapes them; openbao.org/docs/internals/telemetry/metrics/core-system (names keep the `vault_` prefix);
 * prometheus/blackbox_exporter prober/tls; prometheus.io/docs/concepts/jobs_instances.
 */
export const FOREIGN_METRICS = [
  "up",
  "kube_statefulset_replicas",
  "kube_statefulset_status_replicas_ready",
  "kube_pod_container_status_restarts_total",
  "kubelet_volume_stats_available_bytes",
  "kubelet_volume_stats_capacity_bytes",
  "container_memory_working_set_bytes",
  "container_cpu_usage_seconds_total",
  "vault_core_unsealed",
  "probe_success",
  "probe_ssl_earliest_cert_expiry",
] as const;

/** Every family that a rule or a panel may name. @internal for the test that compares it with what is measured */
export const MEASURED: readonly string[] = [...OWN_METRICS, MONTH_COST, ...DCGM_METRICS, ...FOREIGN_METRICS];

/** Names of series of `family` as Prometheus stores them: a histogram has three. @internal for the same test */
export function seriesNames(family: string): readonly string[] {
  return family.endsWith("_seconds") ? ["_bucket", "_sum", "_count"].map((suffix) => `${family}${suffix}`) : [family];
}
