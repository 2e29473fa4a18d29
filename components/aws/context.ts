import type { Output } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import type { Demand } from "../demand.ts";
import { physicalName } from "../resource-names.ts";
import { tagsOf } from "../tags.ts";
import { LIMITS } from "./names.ts";
import { type Partition, partitionOf } from "./offer.ts";

/** What every part of the platform has to know of its environment. */
export interface AwsContext {
  readonly demand: Demand;
  readonly partition: Partition;
  /** Number of the account; known after the network is made, because a plan has nobody to ask. */
  readonly account: Output<string>;
  readonly tags: Readonly<Record<string, string>>;
}

/** Everything of the context but the account. */
export type PlainContext = Omit<AwsContext, "account">;

export function contextOf(demand: Demand): PlainContext {
  return { demand, partition: partitionOf(demand.region), tags: tagsOf(demand) };
}

/** Name of a resource, within what its kind allows. */
export function named({ demand }: PlainContext, kind: keyof typeof LIMITS, role: string): string {
  // Buckets are unique among all customers; owner and region make the hash the company's own.
  return physicalName(demand.environment, role, LIMITS[kind], `${demand.owner}/${demand.region}`);
}

/** Tags of one resource, with the name that AWS's console shows. */
export function tagged({ tags }: PlainContext, name: string): Record<string, string> {
  return { ...tags, Name: name };
}

/** Tags of what nightly backups are made of; nodes and their disks have none of it. */
export function backedUp({ demand }: PlainContext): Record<string, string> {
  return { "breakwater:backup": demand.environment };
}

/** Options of what holds data: the engine neither deletes it nor lets go of it by mistake. */
export function kept(opts: CustomResourceOptions): CustomResourceOptions {
  return { ...opts, protect: true, retainOnDelete: true };
}

/** Options of what AWS takes longer to make than the default of a child: clusters, databases, firewalls, certificates. */
export function slow(opts: CustomResourceOptions): CustomResourceOptions {
  return { ...opts, customTimeouts: { create: "60m", update: "90m", delete: "60m" } };
}
