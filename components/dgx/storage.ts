import type { Platform } from "../platform.ts";
import type { ExistingCluster } from "./existing.ts";

/**
 * The cluster's own classes. That both encrypt at rest is the operator's: Kubernetes does not say it of a class.
 */
export function storageOf({
  storage_class,
  shared_storage_class,
}: ExistingCluster): Pick<Platform, "storageClass" | "sharedStorageClass"> {
  return { storageClass: storage_class, sharedStorageClass: shared_storage_class };
}
