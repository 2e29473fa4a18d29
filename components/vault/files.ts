import { initializeConfig, serverConfig } from "./config.ts";
import {
  CONFIG_FOLDER,
  DATA_FOLDER,
  INITIALIZE_FOLDER,
  LOGIN_FOLDER,
  serverAddress,
  TLS_FOLDER,
  VAULT_CLUSTER_PORT,
  VAULT_METRICS_PORT,
  VAULT_PORT,
} from "./names.ts";
import { releaseFor } from "./releases.ts";
import { makeKeysScript, setupScript, startScript } from "./scripts.ts";
import { setupRequests } from "./setup.ts";

/**
 * The files that every server reads at start. They depend on seal and number of servers and not on tenants: a new tenant
 * restarts nothing.
 *
 * @param seal `VaultSeal.stanza`.
 * @throws ProblemError `vault/unknown-seal`
 */
export function files(seal: string, replicas: number, openedByPeople: boolean): Readonly<Record<string, string>> {
  const { program } = releaseFor(seal);
  const peers = Array.from({ length: replicas }, (_, ordinal) => serverAddress(ordinal));
  return {
    "server.hcl": serverConfig({
      bind: "0.0.0.0",
      apiPort: VAULT_PORT,
      clusterPort: VAULT_CLUSTER_PORT,
      metricsPort: VAULT_METRICS_PORT,
      dataFolder: DATA_FOLDER,
      tlsFolder: TLS_FOLDER,
      peers,
      seal,
    }),
    "start-vault": startScript({
      program,
      configFolder: CONFIG_FOLDER,
      initializeFolder: openedByPeople ? undefined : INITIALIZE_FOLDER,
      dataFolder: DATA_FOLDER,
      tlsFolder: TLS_FOLDER,
      others: peers.slice(1),
    }),
    "make-keys": makeKeysScript({ program, loginFolder: LOGIN_FOLDER }),
    ...(openedByPeople ? { "setup-vault": setupScript(program, setupRequests()) } : {}),
  };
}

/** What the first server of a new vault does once. In a ConfigMap of its own: a change of it restarts nothing. */
export function initializeFiles(): Readonly<Record<string, string>> {
  return { "initialize.hcl": initializeConfig(setupRequests()) };
}
