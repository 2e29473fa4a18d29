import { Release } from "@pulumi/kubernetes/helm/v3/release.js";
import { RuntimeClass } from "@pulumi/kubernetes/node/v1/runtimeClass.js";
import type { Input } from "@pulumi/pulumi/output.js";
import { interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Demand } from "../demand.ts";
import { poolPlacement } from "../pools.ts";
import { slow } from "../resource-options.ts";
import type { AwsContext } from "./context.ts";

/**
 * Handler of each isolation at containerd, and what a pod of it costs beside its own: a virtual machine has a kernel and
 * a hypervisor of its own (kata-deploy's own RuntimeClass, remembered).
 */
const RUNTIMES = {
  gvisor: { handler: "runsc", overhead: undefined },
  kata: { handler: "kata-qemu", overhead: { podFixed: { memory: "160Mi", cpu: "250m" } } },
} as const;

/** The version whose values are set here; later ones name them differently. */
const KATA = {
  chart: "oci://ghcr.io/kata-containers/kata-deploy-charts/kata-deploy",
  version: "3.21.0",
  image: "kata-containers/kata-deploy",
} as const;

/** What sandboxes need. */
export interface SandboxRuntimeArgs {
  readonly isolation: Demand["sandboxIsolation"];
  /** Registry and prefix of the copies of public images. */
  readonly mirror: Input<string>;
  readonly after: readonly Resource[];
}

/**
 * The kernel between a sandbox and its node, and the nodes where there is one. gVisor comes with the node; Kata is put on
 * it by its own installer.
 *
 * Children: `${name}` (RuntimeClass), with Kata a Release. Cost: none by itself; Kata's nodes are of another type.
 * Checked by: test/unit/components/aws/cluster.test.ts.
 */
export class SandboxRuntime extends Component {
  /** Name of the RuntimeClass. */
  readonly className: string;

  constructor(name: string, _context: AwsContext, args: SandboxRuntimeArgs, opts?: ComponentResourceOptions) {
    super("breakwater:aws:SandboxRuntime", name, opts);
    const { isolation, after } = args;
    this.className = isolation;
    const { handler, overhead } = RUNTIMES[isolation];
    const installed = isolation === "kata" ? [this.#kata(name, args)] : [];
    const { nodeSelector = {}, tolerations = [] } = poolPlacement("sandbox");
    new RuntimeClass(
      name,
      {
        metadata: { name: isolation, labels: { "app.kubernetes.io/part-of": "breakwater" } },
        handler,
        ...(overhead === undefined ? {} : { overhead }),
        scheduling: { nodeSelector: { ...nodeSelector }, tolerations: [...tolerations] },
      },
      this.child([...after, ...installed]),
    );
    this.registerOutputs();
  }

  #kata(name: string, { mirror, after }: SandboxRuntimeArgs): Release {
    const { nodeSelector, tolerations } = poolPlacement("sandbox");
    return new Release(
      `${name}-kata`,
      {
        name: "kata-deploy",
        chart: KATA.chart,
        version: KATA.version,
        namespace: "kube-system",
        values: {
          image: { reference: interpolate`${mirror}/${KATA.image}`, tag: KATA.version },
          nodeSelector,
          tolerations,
          env: {
            shims: "qemu",
            defaultShim: "qemu",
            createRuntimeClasses: "false",
            createDefaultRuntimeClass: "false",
          },
        },
      },
      slow(this.child([...after])),
    );
  }
}
