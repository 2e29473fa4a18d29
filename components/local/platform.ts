import { FRONT_DOOR_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { localDatabase } from "./database.ts";
import { clusterDns, internalCidrs, nodePortEntry } from "./network.ts";
import { localImages } from "./registry.ts";
import { SecretFiles } from "./secret-files.ts";
import { gvisorScratchVolume, STORAGE_CLASS } from "./storage.ts";

/** What the local platform needs to know of the machine it runs on. */
export interface LocalPlatformArgs {
  /** File that names the built images. */
  readonly imageLock: string | undefined;
  /** Port of the node's loopback address that leads to the front door. @default 18789 */
  readonly port?: number;
}

/** One Linux machine: its own node, its own images, secrets from its own files, nothing of any cloud. */
export function localPlatform({ imageLock, port = FRONT_DOOR_PORT }: LocalPlatformArgs): Platform {
  const image = localImages(imageLock);
  return {
    image,
    secretFiles: (name, args, opts) => new SecretFiles(name, args, opts),
    database: localDatabase(image),
    storageClass: STORAGE_CLASS,
    sandboxRuntimeClass: "gvisor",
    scratchVolume: gvisorScratchVolume,
    dns: clusterDns,
    entry: nodePortEntry(port),
    internalCidrs,
  };
}
