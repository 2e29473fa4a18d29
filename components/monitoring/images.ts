import type { Input } from "@pulumi/pulumi/output.js";
import type { UpstreamRegistry } from "../platform.ts";

/** What stands in for an upstream registry where it cannot be reached: a mirror's address, with a path where it has one. */
export type Mirror = (upstream: UpstreamRegistry) => Input<string>;

/**
 * Every image of the charts of this folder, for the mirrors that have to hold them. Tags are those of the pinned charts.
 * Source: the charts' values.yaml, read 2026-11-24.
 */
export const CHART_IMAGES = {
  prometheus: { upstream: "quay.io", repository: "prometheus/prometheus" },
  alertmanager: { upstream: "quay.io", repository: "prometheus/alertmanager" },
  operator: { upstream: "quay.io", repository: "prometheus-operator/prometheus-operator" },
  configReloader: { upstream: "quay.io", repository: "prometheus-operator/prometheus-config-reloader" },
  kubeStateMetrics: { upstream: "registry.k8s.io", repository: "kube-state-metrics/kube-state-metrics" },
  grafana: { upstream: "docker.io", repository: "grafana/grafana" },
  prober: { upstream: "quay.io", repository: "prometheus/blackbox-exporter" },
  logs: { upstream: "docker.io", repository: "fluent/fluent-bit" },
} as const satisfies Readonly<Record<string, { readonly upstream: UpstreamRegistry; readonly repository: string }>>;

/** The `image` of a chart's values, where `registry` and `repository` are apart; nothing where there is no mirror. */
export function mirroredImage(
  image: keyof typeof CHART_IMAGES,
  mirror: Mirror | undefined,
): { readonly image?: { readonly registry: Input<string>; readonly repository: string } } {
  const { upstream, repository } = CHART_IMAGES[image];
  return mirror === undefined ? {} : { image: { registry: mirror(upstream), repository } };
}
