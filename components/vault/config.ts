import { renderHcl, type Stanza } from "./hcl.ts";
import { ACCESSOR } from "./policies.ts";
import { KUBERNETES_LOGIN, type SetupRequest } from "./setup.ts";

/** Where a server listens and keeps its data. */
export interface ServerLayout {
  /** Address of the interface, such as `0.0.0.0`. */
  readonly bind: string;
  readonly apiPort: number;
  readonly clusterPort: number;
  readonly metricsPort: number;
  readonly dataFolder: string;
  /** Folder of `tls.crt`, `tls.key` and `ca.crt`. */
  readonly tlsFolder: string;
  /** Addresses of all servers, this one among them. */
  readonly peers: readonly string[];
  /** `VaultSeal.stanza`. */
  readonly seal: string;
}

/**
 * `server.hcl`, the same for every server: its name and its addresses come from its environment (BAO_RAFT_NODE_ID,
 * BAO_API_ADDR, BAO_CLUSTER_ADDR). There is no setting for mlock: OpenBao 2 has none, and nodes of Kubernetes do not swap.
 */
export function serverConfig(layout: ServerLayout): string {
  const config = renderHcl({ ui: false, log_format: "json", log_level: "info" }, [
    storage(layout),
    {
      kind: "listener",
      labels: ["tcp"],
      attributes: {
        address: `${layout.bind}:${layout.apiPort}`,
        cluster_address: `${layout.bind}:${layout.clusterPort}`,
        ...tls(layout),
        disable_unauthed_rekey_endpoints: true,
      },
    },
    {
      kind: "listener",
      labels: ["tcp"],
      attributes: { address: `${layout.bind}:${layout.metricsPort}`, ...tls(layout) },
      stanzas: [{ kind: "telemetry", attributes: { metrics_only: true, unauthenticated_metrics_access: true } }],
    },
    {
      kind: "telemetry",
      attributes: { prometheus_retention_time: "1h", disable_hostname: true, usage_gauge_period: "none" },
    },
    // Every request and answer, secrets as keyed digests. A server that cannot write it answers nobody.
    { kind: "audit", labels: ["file", "stdout"], stanzas: [{ kind: "options", attributes: { file_path: "stdout" } }] },
  ]);
  return layout.seal.trim() === "" ? config : `${config}${layout.seal.trim()}\n`;
}

function storage({ dataFolder, peers, tlsFolder }: ServerLayout): Stanza {
  return {
    kind: "storage",
    labels: ["raft"],
    // 1 is OpenBao's own advice for production: another server takes over after seconds rather than a quarter of a minute.
    attributes: { path: dataFolder, performance_multiplier: 1 },
    stanzas: peers.map((peer) => ({
      kind: "retry_join",
      attributes: { leader_api_addr: peer, leader_ca_cert_file: `${tlsFolder}/ca.crt` },
    })),
  };
}

function tls({ tlsFolder }: ServerLayout): Stanza["attributes"] {
  return {
    tls_cert_file: `${tlsFolder}/tls.crt`,
    tls_key_file: `${tlsFolder}/tls.key`,
    tls_min_version: "tls13",
  };
}

const BLOCK = "setup";
const LOGIN = "kubernetes_login";

/**
 * `initialize.hcl`: what the first server of a new vault does once, as root, before anybody can call it. OpenBao revokes
 * that root token itself and gives it to nobody; with a seal of Shamir it refuses the file.
 */
export function initializeConfig(requests: readonly SetupRequest[]): string {
  const steps = requests.flatMap((request) =>
    request.path === KUBERNETES_LOGIN ? [step(request), readLogin] : [step(request)],
  );
  return renderHcl({}, [{ kind: "initialize", labels: [BLOCK], stanzas: steps }]);
}

const readLogin: Stanza = {
  kind: "request",
  labels: [LOGIN],
  attributes: { operation: "read", path: KUBERNETES_LOGIN },
};

function step({ name, path, data }: SetupRequest): Stanza {
  const entries = Object.entries(data).map(([key, value]) => [key, isTemplate(value) ? template(value) : value]);
  return {
    kind: "request",
    labels: [name],
    attributes: { operation: "update", path, data: Object.fromEntries(entries) },
  };
}

function isTemplate(value: unknown): value is string {
  return typeof value === "string" && value.includes(ACCESSOR);
}

/** OpenBao's templates and its policies both mean something by `{{`: the template has to write the policy's. */
function template(text: string) {
  return {
    eval_source: "template",
    eval_type: "string",
    template: text
      .replaceAll("{{", '{{ "{{" }}')
      .replaceAll(ACCESSOR, `{{ .responses.${BLOCK}.${LOGIN}.data.accessor }}`),
  };
}
