import type { ReleaseArgs } from "@pulumi/kubernetes/helm/v3/release.js";

/** One Helm chart, pinned. */
export interface Chart {
  readonly name: string;
  readonly version: string;
  /** Where its publisher offers it. */
  readonly repository: string;
}

/**
 * The charts of this folder. None could be fetched where this was written, so that names of values are from their
 * published values.yaml and templates, read 2026-11-24, and no cluster has taken them yet.
 */
export const CHARTS = {
  /** Newest release whose notes were read (2026-09, prometheus-community/helm-charts). */
  stack: {
    name: "kube-prometheus-stack",
    version: "89.2.3",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  /** Release of 2026-08-10 (prometheus-community/helm-charts). */
  prober: {
    name: "prometheus-blackbox-exporter",
    version: "11.17.2",
    repository: "https://prometheus-community.github.io/helm-charts",
  },
  /** Release of 2026-02-27 (fluent/helm-charts). */
  logs: { name: "fluent-bit", version: "0.56.0", repository: "https://fluent.github.io/helm-charts" },
} as const satisfies Readonly<Record<string, Chart>>;

/** Seconds that a chart's pods may take to get ready: the first time their images are pulled one after the other. */
export const INSTALL_SECONDS = 900;

/**
 * The fields of a Release that say where its chart comes from.
 *
 * @param mirror of the charts inside the company network, https or oci; undefined: each publisher's own repository.
 */
export function chartSource(
  { name, version, repository }: Chart,
  mirror: string | undefined,
): Pick<ReleaseArgs, "version" | "repositoryOpts"> & { readonly chart: string } {
  if (mirror?.startsWith("oci://")) return { chart: `${mirror.replace(/\/+$/, "")}/${name}`, version };
  return { chart: name, version, repositoryOpts: { repo: mirror ?? repository } };
}
