import { refuse } from "@breakwater/runtime/problems";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { gvisorScratchVolume } from "../gvisor.ts";
import type { Platform } from "../platform.ts";
import { poolPlacement } from "../pools.ts";
import { SecretFiles } from "../secret-files.ts";
import { ownSeal } from "../vault/own-seal.ts";
import { Admission } from "./admission.ts";
import { Cluster, clusterProvider, runtimeClassOf } from "./cluster.ts";
import { databaseWithBackup } from "./database.ts";
import { metalLbEntry } from "./entry.ts";
import type { ExistingCluster } from "./existing.ts";
import { Gpus } from "./gpu.ts";
import { apiServerOf, clusterDns, internalCidrsOf, Network } from "./network.ts";
import { Operators, operatorsOf } from "./operators.ts";
import { registryImages } from "./registry.ts";
import { storageOf } from "./storage.ts";

/** What the platform on a company's own cluster needs to know. */
export interface DgxPlatformArgs {
  readonly demand: Demand;
  /** File that names the built images. */
  readonly imageLock: string | undefined;
  /** The cluster that is there. */
  readonly existing: ExistingCluster | undefined;
}

/**
 * A company's own Kubernetes on DGX systems, with nothing of any cloud: operators from its mirror, images from its
 * registry, addresses and volumes of its own.
 *
 * Children: Provider, {@link Cluster}, {@link Admission}, {@link Operators}, {@link Network} and, where models are served,
 * {@link Gpus}. Cost: none that is not there already.
 */
export class DgxPlatform extends Component {
  readonly platform: Platform;

  constructor(
    name: string,
    { demand, imageLock, existing }: DgxPlatformArgs & { readonly existing: ExistingCluster },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:dgx:DgxPlatform", name, opts);
    const kubernetes = clusterProvider({ parent: this });
    const inCluster = (dependsOn: readonly Resource[] = []): ComponentResourceOptions => ({
      parent: this,
      providers: { kubernetes },
      dependsOn: [...dependsOn],
    });
    new Cluster(`${name}-cluster`, { demand }, inCluster());
    new Admission(`${name}-images`, { registry: existing.registry }, inCluster());
    const operators = new Operators(
      `${name}-operators`,
      { existing, operators: operatorsOf(existing, demand.pools) },
      inCluster(),
    );
    new Network(`${name}-network`, { existing }, inCluster(operators.installed("metallb")));
    if (demand.pools.some(({ gpu }) => gpu !== undefined)) {
      const ready = [...operators.installed("gpu-operator"), ...operators.installed("network-operator")];
      new Gpus(`${name}-gpus`, { existing }, inCluster(ready));
    }
    this.platform = {
      kubernetes,
      nimOperator: operators.installed("k8s-nim-operator"),
      ...partsOf({ demand, imageLock, existing }),
    };
    this.registerOutputs();
  }
}

/** What agents need, as far as it makes no resource before they ask. */
function partsOf({ demand, imageLock, existing }: DgxPlatformArgs & { readonly existing: ExistingCluster }): Platform {
  const pods = {
    image: registryImages(existing, imageLock),
    secretFiles: (name, args, opts) => new SecretFiles(name, args, opts),
    placement: poolPlacement,
    dns: clusterDns,
    ...storageOf(existing),
  } satisfies Partial<Platform>;
  return {
    ...pods,
    database: databaseWithBackup({ ...pods, podCidr: existing.pod_cidr }, demand.database),
    sandboxRuntimeClass: runtimeClassOf(demand),
    // Kata gives a pod's memory volumes to its machine, which has a limit of its own.
    scratchVolume: demand.sandboxIsolation === "gvisor" ? gvisorScratchVolume : () => ({}),
    apiServer: apiServerOf(existing),
    entry: metalLbEntry(demand),
    internalCidrs: internalCidrsOf(existing),
    ...(demand.architecture === "B" ? { outsideCidrs: demand.network.companyCidrs } : {}),
    vaultSeal: ownSeal(demand),
  };
}

/**
 * The platform on a company's own cluster.
 *
 * @throws ProblemError `dgx/no-cluster` at preview.
 */
export function dgxPlatform({ existing, ...args }: DgxPlatformArgs): Platform {
  if (existing === undefined) {
    return refuse({
      code: "dgx/no-cluster",
      path: "kubernetes.existing",
      got: "nothing",
      expected: "the cluster that is there",
      remedy: "fill in kubernetes.existing",
    });
  }
  return new DgxPlatform("dgx", { ...args, existing }).platform;
}
