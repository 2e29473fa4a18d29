import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { NodePool } from "../demand.ts";
import type { ExistingCluster } from "./existing.ts";
import { GPU_OPERATOR_NAMESPACE, gpuOperatorValues } from "./gpu.ts";
import { mirrored } from "./registry.ts";

export const METALLB_NAMESPACE = "metallb-system";

/** Class of Services that MetalLB of this installation answers, and no other load balancer of the cluster. */
export const LOAD_BALANCER_CLASS = "metallb.io/metallb";

/** One operator as its chart installs it. */
export interface Operator {
  readonly chart: string;
  readonly version: string;
  readonly namespace: string;
  /** Pod Security level that the operator's own pods need. */
  readonly podSecurity: "privileged" | "baseline";
  readonly values: Readonly<Record<string, unknown>>;
  /** Where the version was read, with the day. */
  readonly source: string;
}

/** The operators of an environment, all from the company's mirrors: those for GPUs only where a model asks for one. */
export function operatorsOf(existing: ExistingCluster, pools: readonly NodePool[]): readonly Operator[] {
  const gpuPools = pools.filter(({ gpu }) => gpu !== undefined);
  return [metalLb(existing), ...(gpuPools.length === 0 ? [] : forGpus(existing, gpuPools))];
}

function metalLb(existing: ExistingCluster): Operator {
  const image = (name: string) => ({ image: { repository: mirrored(existing, `metallb/${name}`) } });
  return {
    chart: "metallb",
    version: "0.16.1",
    namespace: METALLB_NAMESPACE,
    podSecurity: "privileged",
    values: {
      loadBalancerClass: LOAD_BALANCER_CLASS,
      controller: image("controller"),
      speaker: { ...image("speaker"), frr: { enabled: false } },
      // Addresses are announced in the nodes' network and not by BGP.
      frrk8s: { enabled: false },
      networkpolicies: { enabled: true, defaultDeny: true },
    },
    source: "metallb/metallb charts/metallb, read 2026-11-24",
  };
}

function forGpus(existing: ExistingCluster, pools: readonly NodePool[]): readonly Operator[] {
  return [
    {
      chart: "gpu-operator",
      version: "v26.7.0",
      namespace: GPU_OPERATOR_NAMESPACE,
      podSecurity: "privileged",
      values: gpuOperatorValues(existing, pools),
      source:
        "helm.ngc.nvidia.com/nvidia, released 2026-08-20; values by NVIDIA's reference of v26.7.0, read 2026-11-24",
    },
    {
      chart: "network-operator",
      version: "26.1.2",
      namespace: "network-operator",
      podSecurity: "privileged",
      values: {
        operator: { repository: mirrored(existing, "nvidia/cloud-native"), image: "network-operator" },
        // The GPU operator brings node feature discovery; two of them would write the same labels.
        nfd: { enabled: false },
        sriovNetworkOperator: { enabled: false },
      },
      source: "helm.ngc.nvidia.com/nvidia, stable 2026-08-11",
    },
    {
      chart: "k8s-nim-operator",
      // 3.1.3 is the first that asks for no key of NVIDIA's registry (release notes of 3.1.4).
      version: "3.1.4",
      namespace: "nim-operator",
      podSecurity: "baseline",
      values: {
        operator: {
          image: {
            repository: mirrored(existing, "nvidia/k8s-nim-operator"),
            tag: "v3.1.4",
            pullPolicy: "IfNotPresent",
          },
          // Its certificates would come from cert-manager, which the cluster need not have.
          admissionController: { enabled: false },
        },
      },
      source: "docs.nvidia.com/nim-operator/3.1.4/release-notes.html, read 2026-11-24",
    },
  ];
}

/** What the operators of an environment need. */
export interface OperatorsArgs {
  readonly existing: ExistingCluster;
  readonly operators: readonly Operator[];
}

/**
 * Operators from the company's mirror of charts, each in a namespace of its own.
 *
 * Children: one Namespace and one Release an operator. Cost: none of their own.
 */
export class Operators extends Component {
  readonly #releases = new Map<string, Release>();

  constructor(name: string, { existing, operators }: OperatorsArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Operators", name, opts);
    for (const operator of operators) this.#install(operator, existing);
    this.registerOutputs();
  }

  /** What objects of an operator's own kinds depend on; nothing where it is not installed. */
  installed(chart: string): readonly Resource[] {
    const release = this.#releases.get(chart);
    return release === undefined ? [] : [release];
  }

  #install({ chart, version, namespace, podSecurity, values }: Operator, existing: ExistingCluster): void {
    const space = new Namespace(
      namespace,
      {
        metadata: {
          name: namespace,
          labels: {
            "app.kubernetes.io/managed-by": "pulumi",
            "pod-security.kubernetes.io/enforce": podSecurity,
            "pod-security.kubernetes.io/warn": podSecurity,
          },
        },
      },
      this.child(),
    );
    const release = new Release(
      chart,
      {
        name: chart,
        namespace,
        version,
        values,
        ...chartOf(existing, chart),
        atomic: true,
        createNamespace: false,
        timeout: INSTALL_SECONDS,
      },
      { ...this.child(space), customTimeouts: { create: "20m", update: "20m", delete: "10m" } },
    );
    this.#releases.set(chart, release);
  }
}

/** Operators wait for every node to be ready. */
const INSTALL_SECONDS = 900;

/** A chart by the mirror's kind: OCI names it in the reference, an index names it apart. */
function chartOf({ charts }: ExistingCluster, chart: string) {
  const mirror = charts.replace(/\/$/, "");
  return mirror.startsWith("oci://") ? { chart: `${mirror}/${chart}` } : { chart, repositoryOpts: { repo: mirror } };
}
