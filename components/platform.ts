import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input, Output } from "@pulumi/pulumi/output.js";
import type {
  ComponentResourceOptions,
  CustomResourceOptions,
  ProviderResource,
  Resource,
} from "@pulumi/pulumi/resource.js";

/** The runtime images that agents run from; each is built from the folder of the same name under runtime/. */
export type ImageName =
  | "cell"
  | "cell-agent"
  | "sandbox"
  | "front-door"
  | "router"
  | "echo-model"
  | "postgres"
  | "vault";

/** Registries that images of charts come from. */
export type UpstreamRegistry = "quay.io" | "registry.k8s.io" | "docker.io";

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
  readonly type: "NodePort" | "LoadBalancer" | "ClusterIP";
  readonly nodePort?: number;
  readonly loadBalancerClass?: string;
  /** Annotations that tie the Service to the platform's own load balancer. */
  readonly annotations?: Readonly<Record<string, Input<string>>>;
  /** Where requests come from once the platform has forwarded them, for the front door's NetworkPolicy. */
  readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
  /** Puts the Service behind the platform's load balancer, where annotations alone cannot. */
  readonly bind?: (service: Service, opts: CustomResourceOptions) => void;
}

/** A made database: what must exist before its users start, and where it answers. */
export interface CreatedDatabase {
  readonly ready: Resource;
  /** Name that the server's certificate is for; of a managed service it is known only after an update. */
  readonly host: Input<string>;
}

/** The PostgreSQL of front door and model router. */
export interface Database {
  readonly port: number;
  readonly name: string;
  /** Its pods or addresses, for the NetworkPolicies of those who use it. */
  readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
  /**
   * PEM certificates that may have signed the server's own, as a file of this repository or an Output; `own`: the
   * environment's authority did, whose certificate is a file of the environment's secrets.
   */
  readonly authority: Input<string> | "own";
  /** Makes it, with the users `front_door` (owner) and `router`. Called once. */
  create(name: string, args: { readonly storageGiB: number }, opts: ComponentResourceOptions): CreatedDatabase;
}

/** The pools that nodes come in; a platform with one machine has them all in one. */
export type PoolRole = "system" | "agents" | "sandbox" | "gpu";

/** What puts a pod on the nodes of one pool. */
export interface Placement {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly input.core.v1.Toleration[];
}

/** Who opens OpenBao after a restart, as its configuration and its pod need it. */
export interface VaultSeal {
  /** The `seal` stanza in HCL; empty for Shamir, where people do. Never holds a credential. */
  readonly stanza: Input<string>;
  /** Identity of the pod at the cloud, as annotations of its ServiceAccount. */
  readonly serviceAccountAnnotations?: Readonly<Record<string, Input<string>>>;
  /** Files that the stanza names at `/run/secrets/vault-seal/<key>` -> path below the environment's secrets folder. */
  readonly secretFiles?: Readonly<Record<string, string>>;
  /** Where the seal's key service answers, beside DNS. */
  readonly ways?: readonly {
    readonly peers: readonly input.networking.v1.NetworkPolicyPeer[];
    readonly port: number;
  }[];
  readonly env?: Readonly<Record<string, Input<string>>>;
  /** What must exist first: the identity's right to use the key. */
  readonly dependsOn?: readonly Resource[];
}

/** What the agents need of the place they run on. Each topology implements it under the same file names. */
export interface Platform {
  /** The cluster that everything of Kubernetes goes to; undefined: the one of the deploying machine's kubeconfig. */
  readonly kubernetes?: ProviderResource;
  /** Reference by digest, `registry/name@sha256:...`; unknown until the image is built. */
  image(name: ImageName): Input<string>;
  /** Delivers files as a Secret without their content passing through the engine or its state. */
  secretFiles(
    name: string,
    args: SecretFilesArgs,
    opts: ComponentResourceOptions,
  ): Resource & { readonly fingerprint: Output<string> };
  readonly database: Database;
  /** StorageClass of volumes that one pod writes: cells' state. Encrypted with the platform's key. */
  readonly storageClass: string;
  /** StorageClass of volumes that replicas share: the audit logs. */
  readonly sharedStorageClass: string;
  /** RuntimeClass that puts a kernel of its own between a sandbox and the node. */
  readonly sandboxRuntimeClass: string;
  /** Which nodes the pods of a role go to. */
  placement(role: PoolRole): Placement;
  /** Annotations that turn the emptyDir `volume` into a size-limited memory file system under that RuntimeClass. */
  scratchVolume(volume: string, sizeMiB: number): Readonly<Record<string, string>>;
  /** The cluster's DNS servers, for NetworkPolicies. */
  readonly dns: input.networking.v1.NetworkPolicyPeer;
  /** The cluster's API server as pods reach it, for the NetworkPolicies of operators and of the vault. */
  readonly apiServer: readonly input.networking.v1.NetworkPolicyPeer[];
  readonly entry: Entry;
  /** What a public endpoint rule must leave out: the cluster's own addresses and the metadata service. */
  readonly internalCidrs: readonly string[];
  /** What stands in for a registry of the internet; undefined: nodes reach it themselves. */
  readonly imageMirror?: (upstream: UpstreamRegistry) => Input<string>;
  /** Where servers outside the cluster can be; undefined: anywhere. Under architecture B the company's own ranges. */
  readonly outsideCidrs?: readonly string[];
  /** What the objects of the NIM operator need to exist first; undefined where nothing installs it. */
  readonly nimOperator?: readonly Resource[];
  /** Undefined where no vault is deployed. */
  readonly vaultSeal?: VaultSeal;
}
