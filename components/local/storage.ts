/** The StorageClass that the local node brings: one folder of the node's disk per volume. */
export const STORAGE_CLASS = "local";
