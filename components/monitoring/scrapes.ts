import { COMPONENT_LABEL } from "../labels.ts";
import { FRONT_DOOR_PORT, operationsPort, PLATFORM_NAMESPACE, ROUTER_PORT, serviceHost } from "../names.ts";
import { VAULT_METRICS_PORT, VAULT_NAMESPACE, VAULT_SERVERS } from "../vault/names.ts";
import { JOBS } from "./jobs.ts";

/** Secret of the authority that signed OpenBao's certificate, and its key. Prometheus mounts it below its own folder. */
export const VAULT_SECRET = { name: "vault-authority", key: "ca.crt" } as const;
const SECRETS_FOLDER = "/etc/prometheus/secrets";

/** Where the GPU Operator runs DCGM exporter. Source: gpu-operator v26.7 docs, read 2026-11-24. */
export const DCGM = { namespace: "gpu-operator", label: "app", value: "nvidia-dcgm-exporter", port: 9400 } as const;

export const PROBER = { host: "prober", port: 9115 } as const;

/** The TLS module of the prober: a handshake, and a certificate that is trusted. */
export const TLS_MODULE = "tls";

/** What is scraped beside the cluster itself. */
export interface Scraped {
  readonly gpu: boolean;
  readonly vault: boolean;
  /** Addresses whose certificates are watched, `host:port`. */
  readonly certificates: readonly string[];
}

/**
 * Prometheus' own scrape configurations for what the chart does not know: the operations ports of front door and model
 * router, DCGM exporter, OpenBao, and certificates by the prober. A cell offers no metrics, so that none is here for it.
 */
export function scrapeConfigs({ gpu, vault, certificates }: Scraped): readonly object[] {
  return [
    ownService(JOBS.frontDoor, operationsPort(FRONT_DOOR_PORT)),
    ownService(JOBS.router, operationsPort(ROUTER_PORT)),
    ...(gpu
      ? [pods(JOBS.gpu, { namespace: DCGM.namespace, label: `${DCGM.label}=${DCGM.value}`, port: DCGM.port })]
      : []),
    ...(vault ? [vaultScrape] : []),
    ...(certificates.length === 0 ? [] : [certificateScrape(certificates)]),
  ];
}

function ownService(part: typeof JOBS.frontDoor | typeof JOBS.router, port: number): object {
  return pods(part, { namespace: PLATFORM_NAMESPACE, label: `${COMPONENT_LABEL}=${part}`, port });
}

/** `instance` is the pod's name: it outlives its pod, so that a restart is a counter that begins anew and no new series. */
function pods(job: string, where: { namespace: string; label?: string; port: number }): object {
  return {
    job_name: job,
    scrape_interval: "30s",
    kubernetes_sd_configs: [
      {
        role: "pod",
        namespaces: { names: [where.namespace] },
        ...(where.label === undefined ? {} : { selectors: [{ role: "pod", label: where.label }] }),
      },
    ],
    relabel_configs: [
      { source_labels: ["__meta_kubernetes_pod_container_port_number"], regex: String(where.port), action: "keep" },
      { source_labels: ["__meta_kubernetes_pod_name"], target_label: "instance" },
    ],
  };
}

/** Its metrics have a port of their own that tells nothing else and asks for no token. */
const vaultScrape = {
  ...pods(JOBS.vault, { namespace: VAULT_NAMESPACE, port: VAULT_METRICS_PORT }),
  metrics_path: "/v1/sys/metrics",
  params: { format: ["prometheus"] },
  scheme: "https",
  tls_config: {
    ca_file: `${SECRETS_FOLDER}/${VAULT_SECRET.name}/${VAULT_SECRET.key}`,
    server_name: serviceHost(VAULT_SERVERS, VAULT_NAMESPACE),
  },
};

function certificateScrape(certificates: readonly string[]): object {
  return {
    job_name: JOBS.certificates,
    scrape_interval: "5m",
    scrape_timeout: "30s",
    metrics_path: "/probe",
    params: { module: [TLS_MODULE] },
    static_configs: [{ targets: [...certificates] }],
    relabel_configs: [
      { source_labels: ["__address__"], target_label: "__param_target" },
      { source_labels: ["__param_target"], target_label: "instance" },
      { target_label: "__address__", replacement: `${PROBER.host}:${PROBER.port}` },
    ],
  };
}
