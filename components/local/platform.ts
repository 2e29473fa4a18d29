import { inClusterDatabase } from "../agents/postgres.ts";
import { gvisorScratchVolume } from "../gvisor.ts";
import { builtImages } from "../images/built-images.ts";
import { FRONT_DOOR_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { SecretFiles } from "../secret-files.ts";
import { apiServer, clusterDns, internalCidrs, nodePortEntry, POD_CIDR } from "./network.ts";
import { STORAGE_CLASS } from "./storage.ts";

/** What the local platform needs to know of the machine it runs on. */
export interface LocalPlatformArgs {
  /** File that names the built images. */
  readonly imageLock: string | undefined;
  /** Port of the node's loopback address that leads to the front door. @default 18789 */
  readonly port?: number;
}

/** One Linux machine: its own node, its own images, secrets from its own files, nothing of any cloud. */
export function localPlatform({ imageLock, port = FRONT_DOOR_PORT }: LocalPlatformArgs): Platform {
  const pods = {
    image: builtImages(imageLock),
    secretFiles: (name, args, opts) => new SecretFiles(name, args, opts),
    storageClass: STORAGE_CLASS,
    // One machine: every pod goes to its one node.
    placement: () => ({}),
  } satisfies Partial<Platform>;
  return {
    ...pods,
    database: inClusterDatabase({ ...pods, podCidr: POD_CIDR }),
    // One folder of one node, so that all its pods can share it.
    sharedStorageClass: STORAGE_CLASS,
    sandboxRuntimeClass: "gvisor",
    scratchVolume: gvisorScratchVolume,
    dns: clusterDns,
    apiServer,
    entry: nodePortEntry(port),
    internalCidrs,
  };
}
