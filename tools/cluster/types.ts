import type { Problem } from "@breakwater/runtime/problems";

/** Where the pods run: our own node, a cluster of the user's, or kind in a container engine. */
export type ClusterKind = "node" | "kubeconfig" | "kind";

/** A cluster that is up, and what a deployment needs of it. */
export interface Cluster {
  readonly kind: ClusterKind;
  /** Path of the kubeconfig, mode 0600. */
  readonly kubeconfig: string;
  /** `host:port` where a NodePort of the front door answers on this machine. */
  readonly frontDoorAddress: string;
  /**
   * Brings a docker or OCI archive into the cluster under `reference` (`name:tag` or `name@sha256:<manifest digest>`), so
   * that pods start it without a registry. @throws ProblemError `cluster/image-import`, `cluster/image-digest`
   */
  readonly importImage: (archivePath: string, reference: string) => Promise<void>;
  /** Whether pods can start `reference` without a pull; false also where that cannot be told. */
  readonly hasImage: (reference: string) => Promise<boolean>;
}

/** How one component of our node stands. */
export interface ComponentStatus {
  readonly name: string;
  readonly state: "running" | "dead" | "stopped";
  readonly pid?: number;
  readonly memoryMiB?: number;
  readonly ready: boolean;
  readonly log: string;
}

/** What `breakwater cluster status` shows. */
export interface ClusterStatus {
  readonly kind: ClusterKind;
  /** Why this cluster and no other. */
  readonly reason: string;
  /** Whether anything of it runs. */
  readonly up: boolean;
  /** Whether pods can run now: nothing dead, the node Ready, no problem. */
  readonly ok: boolean;
  /** Where the kubeconfig is, or will be after `up`. */
  readonly kubeconfig: string;
  readonly components: readonly ComponentStatus[];
  readonly nodeReady: boolean;
  readonly problems: readonly Problem[];
}

export interface ClusterUpOptions {
  /** Installs missing Debian packages when root and apt are there. @default false: they are named instead */
  readonly installPackages?: boolean;
}

export interface ClusterDownOptions {
  /** Stops everything but keeps etcd, images and volumes for the next `up`. @default false */
  readonly keepData?: boolean;
}
