import type { Settings } from "@breakwater/runtime/settings";

/** The cluster that is there, as `kubernetes.existing` describes it. */
export type ExistingCluster = NonNullable<Settings["kubernetes"]["existing"]>;
