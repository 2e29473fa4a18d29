import { z } from "zod";
import { componentOf, POD_TYPES, POOL_LABEL, podSpecOf } from "../pods.ts";
import { type Check, forTypes, type Problems, type ResourceRule } from "../rule.ts";

interface Taint {
  readonly key: string | undefined;
  readonly value: string | undefined;
  readonly effect: string | undefined;
}

interface Pool {
  readonly role: string | undefined;
  readonly taints: readonly Taint[];
  /** Whether its machines have GPUs, where its inputs say so. */
  readonly gpu: boolean;
}

const taints = z
  .array(z.object({ key: z.string().optional(), value: z.string().optional(), effect: z.string().optional() }))
  .default([]);
const eks = z.object({
  amiType: z.string().default(""),
  labels: z.record(z.string(), z.string()).default({}),
  taints,
});
const ack = z.object({
  labels: z.array(z.object({ key: z.string(), value: z.string().optional() })).default([]),
  taints,
  scalingConfig: z.object({ type: z.string().optional() }).default({}),
});
const tke = z.object({ labels: z.array(z.object({ name: z.string(), value: z.string() })).default([]), taints });
const pod = z.object({
  nodeSelector: z.record(z.string(), z.string()).default({}),
  tolerations: z.array(z.object({ key: z.string().optional(), value: z.string().optional() })).default([]),
});

/** EKS has words of its own for effects. */
const REPELS = ["NoSchedule", "NoExecute", "NO_SCHEDULE", "NO_EXECUTE"];

/** What may run where a hostile agent may have broken out. */
const SANDBOX = "sandbox";

/**
 * A pod beside a sandbox is what an agent that breaks out of it meets first, and a machine with GPUs costs a hundred others.
 * Pools of both repel what does not ask for them, and nothing asks for them that does not belong there.
 */
export const k8s017: ResourceRule = {
  id: "K8S-017",
  on: {
    "aws:eks/nodeGroup:NodeGroup": pools((props) => {
      const { amiType, labels, taints } = eks.parse(props);
      return { role: labels[POOL_LABEL], taints: taints.map(whole), gpu: amiType.includes("NVIDIA") };
    }),
    "alicloud:cs/nodePool:NodePool": pools((props) => {
      const { labels, taints, scalingConfig } = ack.parse(props);
      const role = labels.find(({ key }) => key === POOL_LABEL)?.value;
      return { role, taints: taints.map(whole), gpu: scalingConfig.type === "gpu" };
    }),
    "tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool": pools((props) => {
      const { labels, taints } = tke.parse(props);
      const role = labels.find(({ name }) => name === POOL_LABEL)?.value;
      // Its machine types alone say whether they have GPUs, and no list of those is kept here.
      return { role, taints: taints.map(whole), gpu: false };
    }),
    ...forTypes(POD_TYPES, guests),
  },
};

function whole({ key, value, effect }: z.output<typeof taints>[number]): Taint {
  return { key, value, effect };
}

function pools(read: (props: Parameters<Check>[0]) => Pool): Check {
  return function* (props) {
    const { role, taints, gpu } = read(props);
    if (role === undefined) yield `its nodes have no label ${POOL_LABEL}`;
    if (gpu && role !== "gpu") yield `its machines have GPUs, and its label ${POOL_LABEL} is ${role ?? "missing"}`;
    if ((role === SANDBOX || role === "gpu") && !taints.some((taint) => repels(taint, role))) {
      yield `nodes of pool ${role} have no taint that keeps others away`;
    }
  };
}

function repels({ key, value, effect }: Taint, role: string): boolean {
  const named = (key === POOL_LABEL && value === role) || (role === "gpu" && key === "nvidia.com/gpu");
  return named && effect !== undefined && REPELS.includes(effect);
}

function* guests(props: Parameters<Check>[0]): Problems {
  const { nodeSelector, tolerations } = pod.parse(podSpecOf(props));
  for (const { key, value } of tolerations) {
    if (key === undefined) yield "the pod tolerates every taint";
    if (key !== POOL_LABEL) continue;
    if (value === undefined || nodeSelector[POOL_LABEL] !== value) {
      yield `the pod tolerates pool ${value ?? "of any name"}, which it does not select`;
    } else if (value === SANDBOX && componentOf(props) !== SANDBOX)
      yield "the pod is no sandbox and goes to their nodes";
  }
}
