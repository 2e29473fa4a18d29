import { gvisorWithoutOomRefusal, type Preparation, providerSchema } from "./prepare.ts";

/** One program that is built from a pinned Go module when the machine does not have it. */
export interface GoTool {
  readonly name: string;
  /** Folder of go.mod and go.sum beside this file. */
  readonly module: string;
  readonly package: string;
  readonly tags?: readonly string[];
  readonly ldflags?: string;
  /** Needs no libc at run time: it runs in an image that holds nothing else, or, like runsc, starts itself again in an empty root. */
  readonly static?: true;
  /** What must happen to a copy of the module before the build. */
  readonly prepare?: Preparation;
  /** Seconds of the build after the tools above it, with an empty build cache; measured 2026-11-23 on 2 cores, Go 1.26.8. */
  readonly seconds: number;
}

// The binaries print these; a kubelet without a version is refused by its API server.
const kubernetesVersion = [
  ["gitVersion", "v1.34.2"],
  ["gitMajor", "1"],
  ["gitMinor", "34"],
]
  .map(([field, value]) => `-X k8s.io/component-base/version.${field}=${value}`)
  .join(" ");

const withoutUnusedSnapshotters = ["no_btrfs", "no_zfs", "no_devmapper", "no_aufs"];

function kubernetes(name: string, seconds: number): GoTool {
  return { name, module: "kubernetes", package: `k8s.io/kubernetes/cmd/${name}`, ldflags: kubernetesVersion, seconds };
}

function containerd(name: string, seconds: number): GoTool {
  return {
    name,
    module: "containerd",
    package: `github.com/containerd/containerd/v2/cmd/${name}`,
    tags: withoutUnusedSnapshotters,
    seconds,
  };
}

/** Every Go program that Breakwater can build, in the order in which they are built. */
export const goTools = [
  kubernetes("kube-apiserver", 229),
  kubernetes("kube-controller-manager", 58),
  kubernetes("kube-scheduler", 6),
  kubernetes("kubelet", 21),
  kubernetes("kube-proxy", 7),
  kubernetes("kubectl", 32),
  containerd("containerd", 64),
  containerd("containerd-shim-runc-v2", 1),
  containerd("ctr", 3),
  {
    name: "runsc",
    module: "gvisor",
    package: "gvisor.dev/gvisor/runsc",
    prepare: gvisorWithoutOomRefusal,
    static: true,
    seconds: 149,
  },
  {
    name: "containerd-shim-runsc-v1",
    module: "gvisor",
    package: "gvisor.dev/gvisor/shim",
    prepare: gvisorWithoutOomRefusal,
    static: true,
    seconds: 19,
  },
  {
    name: "kube-router",
    module: "kube-router",
    package: "github.com/cloudnativelabs/kube-router/v2/cmd/kube-router",
    seconds: 91,
  },
  { name: "coredns", module: "coredns", package: "github.com/coredns/coredns", static: true, seconds: 92 },
  { name: "pause", module: "pause", package: ".", static: true, seconds: 2 },
  {
    name: "pulumi",
    module: "pulumi",
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    // Without it the program cannot say its version, and a pulumi that cannot is not taken from PATH.
    ldflags: "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.246.0",
    seconds: 254,
  },
  {
    name: "pulumi-resource-kubernetes",
    module: "pulumi-kubernetes",
    package: ".",
    prepare: providerSchema,
    seconds: 360,
  },
] as const satisfies readonly GoTool[];

export type GoToolName = (typeof goTools)[number]["name"];
