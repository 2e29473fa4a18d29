import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input, Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";

/** The runtime images that agents run from; each is built from the folder of the same name under runtime/. */
export type ImageName = "cell" | "cell-agent" | "sandbox" | "front-door" | "router" | "echo-model" | "postgres";

/** A Kubernetes Secret made of files of the deploying machine; only paths and a fingerprint reach the engine. */
export interface SecretFilesArgs {
  readonly namespace: Input<string>;
  /** Name of the Secret. */
  readonly name: string;
  /** Key in the Secret -> path below the environment's secrets folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** How the front door's Service is reached from outside the cluster. */
export interface Entry {
  readonly type: "NodePort" | "LoadBalancer";
  readonly nodePort?: number;
  /** Where requests come from once the platform has forwarded them, for the front door's NetworkPolicy. */
  readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
}

/** The PostgreSQL of front door and model router: where it is, known before it exists, and how it is made. */
export interface Database {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** Its pods or addresses, for the NetworkPolicies of those who use it. */
  readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
  /** Makes it, with the users `front_door` (owner) and `router`. Called once. */
  create(name: string, args: { readonly storageGiB: number }, opts: ComponentResourceOptions): Resource;
}

/** What the agents need of the place they run on. Each topology implements it under the same file names. */
export interface Platform {
  /** Reference by digest, `registry/name@sha256:...`; unknown until the image is built. */
  image(name: ImageName): Input<string>;
  /** Delivers files as a Secret without their content passing through the engine or its state. */
  secretFiles(
    name: string,
    args: SecretFilesArgs,
    opts: ComponentResourceOptions,
  ): Resource & { readonly fingerprint: Output<string> };
  readonly database: Database;
  /** StorageClass of cells' state and of the audit logs. */
  readonly storageClass: string;
  /** RuntimeClass that puts a kernel of its own between a sandbox and the node. */
  readonly sandboxRuntimeClass: string;
  /** Annotations that turn the emptyDir `volume` into a size-limited memory file system under that RuntimeClass. */
  scratchVolume(volume: string, sizeMiB: number): Readonly<Record<string, string>>;
  /** The cluster's DNS servers, for NetworkPolicies. */
  readonly dns: input.networking.v1.NetworkPolicyPeer;
  readonly entry: Entry;
  /** What a public endpoint rule must leave out: the cluster's own addresses and the metadata service. */
  readonly internalCidrs: readonly string[];
}
