import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import type { Demand } from "../demand.ts";
import { nameIn } from "../resource-names.ts";
import { slow as lasting } from "../resource-options.ts";
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
  return nameIn(demand, role, LIMITS[kind]);
}

/** Options of what takes longer to make than the default of a child: clusters, pools, databases, firewalls. */
export function slow(opts: CustomResourceOptions): CustomResourceOptions {
  return lasting(opts, "60m");
}
