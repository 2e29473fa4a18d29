import type { Output } from "@pulumi/pulumi/output.js";
import type { Demand } from "../demand.ts";
import { nameIn } from "../resource-names.ts";
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
  return nameIn(demand, role, LIMITS[kind]);
}

/** Tags of one resource, with the name that AWS's console shows. */
export function tagged({ tags }: PlainContext, name: string): Record<string, string> {
  return { ...tags, Name: name };
}

/** Tags of what nightly backups are made of; nodes and their disks have none of it. */
export function backedUp({ demand }: PlainContext): Record<string, string> {
  return { "breakwater:backup": demand.environment };
}
