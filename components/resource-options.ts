import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";

/** Options of what holds data: the engine neither deletes it nor lets go of it by mistake. */
export function kept(opts: CustomResourceOptions): CustomResourceOptions {
  return { ...opts, protect: true, retainOnDelete: true };
}

/**
 * Options of what a cloud takes longer to make than the default of a child: clusters, databases, firewalls.
 *
 * @param update how long a change may take.
 */
export function slow(opts: CustomResourceOptions, update = "90m"): CustomResourceOptions {
  return { ...opts, customTimeouts: { create: "60m", update, delete: "60m" } };
}
