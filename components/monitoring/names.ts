/** Namespace of everything that measures. */
export const MONITORING_NAMESPACE = "monitoring";

/** Labels of our own objects here; Prometheus takes rules that carry them and no others. */
export const MONITORING_LABELS = {
  "app.kubernetes.io/part-of": "breakwater",
  "app.kubernetes.io/managed-by": "pulumi",
};

/** Labels of the operator's pods for their NetworkPolicy; what the chart calls them changes with its name. */
export const OPERATOR_LABELS = { "breakwater.dev/part": "prometheus-operator" };

/** How the pods of each part are selected: by the label that operator and charts have put on them for years. */
export const POD_LABELS = {
  prometheus: { "app.kubernetes.io/name": "prometheus" },
  alertmanager: { "app.kubernetes.io/name": "alertmanager" },
  grafana: { "app.kubernetes.io/name": "grafana" },
  "kube-state-metrics": { "app.kubernetes.io/name": "kube-state-metrics" },
  "prometheus-operator": OPERATOR_LABELS,
  prober: { "app.kubernetes.io/name": "prometheus-blackbox-exporter" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type MonitoringPart = keyof typeof POD_LABELS;

/** Ports of the parts. */
export const PORTS = {
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
  "kube-state-metrics": 8080,
  "prometheus-operator": 8080,
  prober: 9115,
} as const satisfies Readonly<Record<MonitoringPart, number>>;
