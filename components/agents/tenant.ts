import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { TENANT_LABEL } from "../labels.ts";
import { tenantNamespace } from "../names.ts";
import type { Platform } from "../platform.ts";
import { CELL_AGENT_MIB, Cell, type CellArgs } from "./cell.ts";
import { restrictedNamespaceLabels } from "./pod-security.ts";
import { defaultDeny } from "./reach.ts";
import { Sandbox, type SandboxArgs } from "./sandbox.ts";

/** One department: its walls, and what lives behind them. */
export interface TenantArgs {
  /** DNS label; the namespace and every derived name follow from it. */
  readonly id: string;
  /** Name for people, any script. */
  readonly displayName: string;
  readonly cell: Omit<CellArgs, "platform" | "tenantId" | "namespace">;
  readonly sandbox: Omit<SandboxArgs, "platform" | "tenantId" | "namespace">;
  readonly platform: Platform;
}

/**
 * One tenant: a namespace that nothing enters or leaves unless a policy names the way, with its cell and its sandbox.
 *
 * Children: Namespace, ResourceQuota, LimitRange, default-deny NetworkPolicy, {@link Cell}, {@link Sandbox}.
 * Checked by: policies/rules/tenant-default-deny.ts, policies/rules/pod-restricted.ts, `breakwater verify`.
 */
export class Tenant extends Component {
  readonly cell: Cell;
  readonly sandbox: Sandbox;

  constructor(name: string, args: TenantArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Tenant", name, opts);
    const { id, platform } = args;
    const namespace = tenantNamespace(id);
    const labels = { "app.kubernetes.io/part-of": "breakwater", [TENANT_LABEL]: id };

    const space = new Namespace(
      name,
      {
        metadata: {
          name: namespace,
          labels: { ...labels, ...restrictedNamespaceLabels },
          annotations: { "breakwater.dev/display-name": args.displayName },
        },
      },
      this.child(),
    );
    const quota = new ResourceQuota(
      name,
      { metadata: { name: "tenant", namespace, labels }, spec: { hard: quotaOf(args) } },
      this.child(space),
    );
    const limits = new LimitRange(
      name,
      { metadata: { name: "tenant", namespace, labels }, spec: { limits: [containerDefaults] } },
      this.child(space),
    );
    const closed = defaultDeny(name, namespace, this.child(space));

    const walls = { parent: this, dependsOn: [space, quota, limits, closed] };
    this.sandbox = new Sandbox(name, { ...args.sandbox, platform, tenantId: id, namespace }, walls);
    this.cell = new Cell(name, { ...args.cell, platform, tenantId: id, namespace }, walls);
    this.registerOutputs({ namespace });
  }
}

/** What a container that forgets to say gets. */
const containerDefaults = {
  type: "Container",
  default: { cpu: "500m", memory: "256Mi" },
  defaultRequest: { cpu: "10m", memory: "32Mi" },
};

/** What a tenant can take from its neighbours at most: its own two pods. No Service of it can open a port of the node. */
function quotaOf({ cell, sandbox }: TenantArgs): Record<string, string> {
  return {
    pods: "2",
    "limits.memory": `${cell.memoryMiB + CELL_AGENT_MIB + sandbox.memoryMiB}Mi`,
    "requests.storage": `${cell.storageGiB}Gi`,
    persistentvolumeclaims: "1",
    "services.nodeports": "0",
    "services.loadbalancers": "0",
  };
}
