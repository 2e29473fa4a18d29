import { refuse } from "@breakwater/runtime/problems";
import { CoreV1Api, KubeConfig, type V1PersistentVolume } from "@kubernetes/client-node";
import { PLATFORM_NAMESPACE } from "../../components/names.ts";
import { currentCluster } from "../../tools/cluster/index.ts";
import type { SecretFolder } from "../../tools/secrets/files.ts";
import { auditPublicKeyFile, keyFolder } from "../../tools/secrets/index.ts";
import { requireOnThisMachine } from "../deploy/on-this-machine.ts";
import type { EnvironmentFile } from "../environment.ts";

/** Where the audit log of one service lies on this machine. */
export interface AuditDirectory {
  readonly service: string;
  readonly directory: string;
  /** File with the key that checks its checkpoints; left out where none is known. */
  readonly publicKeyFile?: string;
}

/** The services by the claims of their audit volumes. */
const CLAIMS: Readonly<Record<string, { readonly service: string; readonly signer: "front-door" | "router" }>> = {
  audit: { service: "front door", signer: "front-door" },
  "router-audit": { service: "model router", signer: "router" },
};

/**
 * The folders of an environment's audit volumes. Only Breakwater's own node keeps volumes as folders of this machine; while
 * it does not run, nothing says which folder is whose.
 * @throws ProblemError `audit/no-volume`, `deployment/elsewhere`
 */
export async function auditDirectoriesOf(environment: EnvironmentFile): Promise<readonly AuditDirectory[]> {
  requireOnThisMachine(environment, "export the records at the front door: GET /api/audit/logs");
  const cluster = await currentCluster();
  const volumes = cluster?.kind === "node" ? await volumesOf(cluster.kubeconfig) : [];
  const directories = auditVolumes(volumes, keyFolder(environment.name));
  if (directories.length > 0) return directories;
  return refuse({
    code: "audit/no-volume",
    path: environment.name,
    got: cluster === undefined ? "no running cluster" : `a cluster of kind ${cluster.kind} without audit volumes here`,
    expected: "an environment that runs on Breakwater's own node on this machine",
    remedy: "start it with `breakwater up`, or copy the volume and name it with --directory",
  });
}

/** Those of all volumes that hold audit logs, with the folder of each and its key, where `keys` has it. */
export function auditVolumes(volumes: readonly V1PersistentVolume[], keys: SecretFolder): readonly AuditDirectory[] {
  return volumes.flatMap(({ spec }) => {
    const { claimRef, local } = spec ?? {};
    const claim = claimRef?.namespace === PLATFORM_NAMESPACE ? CLAIMS[claimRef.name ?? ""] : undefined;
    if (claim === undefined || local === undefined) return [];
    const { service, signer } = claim;
    const keyFile = auditPublicKeyFile(signer);
    const key = keys.has(keyFile) ? { publicKeyFile: keys.path(keyFile) } : {};
    return [{ service, directory: local.path, ...key }];
  });
}

async function volumesOf(kubeconfig: string): Promise<readonly V1PersistentVolume[]> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return (await config.makeApiClient(CoreV1Api).listPersistentVolume()).items;
}
