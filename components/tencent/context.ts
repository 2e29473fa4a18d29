import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import type { Demand } from "../demand.ts";
import { physicalName } from "../resource-names.ts";
import { tagsOf } from "../tags.ts";
import { LIMITS } from "./names.ts";
import { zonesOf } from "./offer.ts";
import { type Account, accountOf } from "./provided.ts";

/** What every part of the platform has to know of its environment. */
export interface TencentContext {
  readonly demand: Demand;
  readonly account: Account;
  readonly zones: readonly [string, string, string];
  readonly tags: Readonly<Record<string, string>>;
}

/** @throws ProblemError `tencent/region` at preview, `tencent/not-provided` at up. */
export function contextOf(demand: Demand): TencentContext {
  return { demand, account: accountOf(), zones: zonesOf(demand), tags: tagsOf(demand) };
}

/** Name of a resource, within what its kind allows. */
export function named({ demand }: TencentContext, kind: keyof typeof LIMITS, role: string): string {
  // What is unique among all customers gets a hash that owner and region make the company's own.
  return physicalName(demand.environment, role, LIMITS[kind], `${demand.owner}/${demand.region}`);
}

/** Options of what holds data: the engine neither deletes it nor lets go of it by mistake. */
export function kept(opts: CustomResourceOptions): CustomResourceOptions {
  return { ...opts, protect: true, retainOnDelete: true };
}

/** Options of what takes longer to make than the default of a child: clusters, pools, databases, firewalls. */
export function slow(opts: CustomResourceOptions): CustomResourceOptions {
  return { ...opts, customTimeouts: { create: "60m", update: "60m", delete: "60m" } };
}
