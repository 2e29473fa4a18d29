import { serviceHost } from "../names.ts";

/** Namespace of OpenBao and of nothing else. */
export const VAULT_NAMESPACE = "vault";

/** Name of the servers' StatefulSet, of the Service that clients use and of the servers' ServiceAccount. */
export const VAULT_SERVERS = "vault";

/** The headless Service: each server has a name below it, ready or not. */
export const VAULT_PEERS = "vault-internal";

/** ServiceAccount of the Job that makes tenants' keys. */
export const VAULT_KEEPER = "vault-keeper";

/** ServiceAccount of people who administer the vault; no pod has it. */
export const VAULT_OPERATOR = "vault-operator";

/** HTTPS of clients. */
export const VAULT_PORT = 8200;
/** Raft and forwarded requests between servers, under certificates of their own. */
export const VAULT_CLUSTER_PORT = 8201;
/** HTTPS of metrics, and nothing else. */
export const VAULT_METRICS_PORT = 8203;

/** Audience of the tokens by which pods log in: a token for the API server opens nothing here, and the reverse. */
export const VAULT_AUDIENCE = "vault";

/** Where the pod finds `server.hcl`, `start-vault` and the other files that hold no secret. */
export const CONFIG_FOLDER = "/etc/openbao";
/** Where the pod of the first server finds `initialize.hcl`. */
export const INITIALIZE_FOLDER = "/etc/openbao-initialize";
/** Raft's data: the volume of one server. */
export const DATA_FOLDER = "/var/lib/openbao";
/** `tls.crt`, `tls.key` and `ca.crt`. */
export const TLS_FOLDER = "/run/secrets/vault-tls";
/** The files of `VaultSeal.secretFiles`, by their keys: what a seal stanza refers to as `file:///run/secrets/vault-seal/<key>`. */
export const SEAL_FOLDER = "/run/secrets/vault-seal";
/** Where a pod that logs in finds its token. */
export const LOGIN_FOLDER = "/run/secrets/vault-login";

/** Fails where a server hangs; one that is closed or in no vault yet lives, because a restart opens nothing. */
export const ALIVE_PATH = "/v1/sys/health?standbyok=true&sealedcode=204&uninitcode=204";
/** Answers 200 where a server takes requests, itself or through the active one. */
export const READY_PATH = "/v1/sys/health?standbyok=true";

/** What clients call. */
export const VAULT_ADDRESS = `https://${serviceHost(VAULT_SERVERS, VAULT_NAMESPACE)}:${VAULT_PORT}`;

/** Address of one server, for the others. */
export function serverAddress(ordinal: number): string {
  return `https://${VAULT_SERVERS}-${ordinal}.${serviceHost(VAULT_PEERS, VAULT_NAMESPACE)}:${VAULT_PORT}`;
}

/** Names that the servers' certificate must be for. */
export const CERTIFICATE_NAMES: readonly string[] = [
  serviceHost(VAULT_SERVERS, VAULT_NAMESPACE),
  `*.${serviceHost(VAULT_PEERS, VAULT_NAMESPACE)}`,
];
