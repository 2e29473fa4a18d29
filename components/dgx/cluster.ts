import { RuntimeClass } from "@pulumi/kubernetes/node/v1/runtimeClass.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { poolPlacement } from "../pools.ts";

/** Handler of each isolation in the nodes' container runtime, as their installers name it. */
const HANDLERS: Readonly<Record<Demand["sandboxIsolation"], string>> = { gvisor: "runsc", kata: "kata-qemu" };

/** Name of the RuntimeClass; with the product's name, because the cluster may have classes of its own. */
export function runtimeClassOf({ sandboxIsolation }: Pick<Demand, "sandboxIsolation">): string {
  return `breakwater-${sandboxIsolation}`;
}

/** The way to the cluster that is there: the current context of the deploying machine's kubeconfig, as secrets go. */
export function clusterProvider(opts: ComponentResourceOptions): Provider {
  const parent = opts.parent === undefined ? {} : { parent: opts.parent };
  return new Provider("cluster", { enableServerSideApply: true }, parent);
}

/** What the existing cluster is given. */
export interface ClusterArgs {
  readonly demand: Pick<Demand, "sandboxIsolation">;
}

/**
 * What sandboxes need of the cluster: a RuntimeClass that leads to the nodes of their pool. That those have the runtime is
 * the operator's to see to.
 *
 * Children: RuntimeClass. Cost: none.
 */
export class Cluster extends Component {
  constructor(name: string, { demand }: ClusterArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Cluster", name, opts);
    const { nodeSelector, tolerations } = poolPlacement("sandbox");
    new RuntimeClass(
      name,
      {
        metadata: { name: runtimeClassOf(demand) },
        handler: HANDLERS[demand.sandboxIsolation],
        scheduling: {
          ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
          ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
        },
      },
      this.child(),
    );
    this.registerOutputs();
  }
}
