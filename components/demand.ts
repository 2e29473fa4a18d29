import type { PoolRole } from "./platform.ts";

/** Kinds of GPU by the word that settings use. */
export type GpuKind = "a10g" | "l4" | "l20" | "l40s" | "a100-40" | "a100-80" | "h20" | "h100" | "h200" | "b200";

/** Nodes of one kind, in no cloud's words: each topology finds its own machine type that is at least this. */
export interface NodePool {
  /** Unique in the environment, at most 15 characters: `system`, `agents`, `sandbox`, `gpu-h100`. */
  readonly name: string;
  readonly role: PoolRole;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** Of GPU pools: GPUs of one node. */
  readonly gpu?: { readonly kind: GpuKind; readonly perNode: number; readonly migProfile?: string };
  /** Nodes that always run; GPU pools begin at 0 where the cloud can scale from there. */
  readonly min: number;
  readonly max: number;
  /** Pods that its nodes run at most, all of them together: for the address plan. */
  readonly podsPerNode: number;
}

/** What a cloud sells once for an account: an environment makes it unless the account has it. */
export type AccountService = "threat-detection" | "intrusion-prevention" | "bastion-host";

/** Everything an environment asks of a cloud, as plain data: decided before any resource exists. */
export interface Demand {
  /** Name of the stack, such as `acme-aws`: every name and tag derives from it. */
  readonly environment: string;
  readonly architecture: "A" | "B";
  readonly region: string;
  /** Three zones, where the environment names them. */
  readonly zones: readonly string[] | undefined;
  readonly people: number;
  readonly owner: string;
  readonly dataClass: string;
  readonly kubernetesVersion: string;
  readonly network: {
    readonly cidr: string;
    readonly companyCidrs: readonly string[];
  };
  readonly entry: {
    readonly exposure: "internal" | "public";
    readonly host: string | undefined;
    readonly allowedCidrs: readonly string[];
  };
  /** Exact host names that the platform may reach outside: of model providers and audit destinations. Empty under B. */
  readonly egressHosts: readonly string[];
  readonly pools: readonly NodePool[];
  readonly sandboxIsolation: "gvisor" | "kata";
  readonly database: {
    readonly vcpus: number;
    readonly memoryGiB: number;
    readonly storageGiB: number;
    readonly highAvailability: boolean;
    readonly backupDays: number;
  };
  /** Days that audit objects cannot be deleted, and that logs are kept at least. */
  readonly auditRetentionDays: number;
  /** What the cloud account has already, so that the environment makes none. */
  readonly accountHas: readonly AccountService[];
  /** Mail addresses of whom the cloud tells what happens in its account. */
  readonly notify: readonly string[];
  readonly vaultUnseal: "kms" | "shamir" | "transit";
  readonly vaultTransitAddress: string | undefined;
}
