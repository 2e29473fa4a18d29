import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import { EchoModel } from "./echo-model.ts";
import { FrontDoor, type FrontDoorArgs } from "./front-door.ts";
import { PodAdmission } from "./pod-admission.ts";
import { restrictedNamespaceLabels } from "./pod-security.ts";
import { defaultDeny } from "./reach.ts";
import { Router, type RouterArgs } from "./router.ts";
import { Tenant, type TenantArgs } from "./tenant.ts";

/** Everything that runs on a platform, as plain data: which resources exist never depends on an Output. */
export interface AgentsArgs {
  readonly platform: Platform;
  readonly tenants: readonly Omit<TenantArgs, "platform">[];
  readonly router: Omit<RouterArgs, "platform" | "database">;
  readonly frontDoor: Omit<FrontDoorArgs, "platform" | "database">;
  /** Of TLS 1.3, for those that are told by no settings file. */
  readonly cipherSuites: readonly string[];
  /** Size of the database's volume, in GiB. */
  readonly databaseGiB: number;
}

/**
 * The product on any platform: the shared namespace with front door, model router, their database and (where configured)
 * the echo model, what every pod of a tenant must be, and one {@link Tenant} per department.
 */
export class Agents extends Component {
  constructor(name: string, args: AgentsArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Agents", name, opts);
    const { platform } = args;
    const shared = new Namespace(
      PLATFORM_NAMESPACE,
      {
        metadata: {
          name: PLATFORM_NAMESPACE,
          labels: { "app.kubernetes.io/part-of": "breakwater", ...restrictedNamespaceLabels },
        },
      },
      this.child(),
    );
    const walls = {
      parent: this,
      dependsOn: [shared, defaultDeny(PLATFORM_NAMESPACE, PLATFORM_NAMESPACE, this.child(shared))],
    };
    if (args.router.usesEchoModel) new EchoModel("echo-model", { platform, cipherSuites: args.cipherSuites }, walls);
    const database = platform.database.create("postgres", { storageGiB: args.databaseGiB }, walls);
    const withDatabase = { ...walls, dependsOn: [...walls.dependsOn, database.ready] };
    new Router("router", { ...args.router, platform, database }, withDatabase);
    new FrontDoor("front-door", { ...args.frontDoor, platform, database }, withDatabase);
    const admission = new PodAdmission("tenant-pods", { platform }, { parent: this });
    const behind = { parent: this, dependsOn: [admission] };
    for (const tenant of args.tenants) new Tenant(tenant.id, { ...tenant, platform }, behind);
    this.registerOutputs();
  }
}
