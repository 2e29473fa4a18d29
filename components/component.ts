import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
} from "@pulumi/pulumi/resource.js";

/** What every component of the kit shares: its type token's form and how children hang on it. */
export abstract class Component extends ComponentResource {
  /** @param type `breakwater:<folder>:<Class>`, part of the identity of every child. */
  protected constructor(type: `breakwater:${string}:${string}`, name: string, opts?: ComponentResourceOptions) {
    super(type, name, {}, opts);
  }

  /** Options of a child: parented here, ordered after `after`, and given up on in minutes rather than the default ten. */
  protected child(after: CustomResourceOptions["dependsOn"] = []): CustomResourceOptions {
    return { parent: this, dependsOn: after, customTimeouts: { create: "5m", update: "10m", delete: "6m" } };
  }
}
