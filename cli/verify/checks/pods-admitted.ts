import type { V1Pod, V1PodSpec } from "@kubernetes/client-node";
import { COMPONENT_LABEL, TENANT_LABEL } from "../../../components/labels.ts";
import { TENANT_PODS_POLICY } from "../../../components/names.ts";
import { Breach, type Check } from "../check.ts";
import type { PodRequest, TenantTargets, World } from "../world.ts";

/** What somebody who may make pods in a tenant's namespace tries, and the words that refuse it. */
interface Attempt {
  readonly what: string;
  readonly refusal: RegExp;
  readonly ask: (sandbox: V1Pod, cell: V1Pod) => PodRequest;
}

export const podsAdmitted: Check = {
  id: "tenant/pods-admitted",
  claim: "in a tenant's namespace nobody makes a pod that is not its cell or its sandbox, or turns one into another",
  control: "ValidatingAdmissionPolicy of tenants' pods and its binding",
  run: async (world) => {
    const seen: string[] = [];
    for (const tenant of world.tenants) seen.push(await tryAll(world, tenant));
    return seen;
  },
};

async function tryAll(world: World, tenant: TenantTargets): Promise<string> {
  const sandbox = await world.pod(tenant, "sandbox");
  const cell = await world.pod(tenant, "cell");
  // Where these are refused, any refusal could have another cause.
  for (const request of [again(sandbox), { how: "replace", pod: sandbox }, { how: "replace", pod: cell }] as const) {
    const refusal = await world.ask(request);
    if (!taken(refusal)) throw new Error(`${tenant.id}: a pod as it should be is refused: ${refusal}`);
  }
  for (const { what, refusal, ask } of ATTEMPTS) {
    const answer = await world.ask(ask(sandbox, cell));
    if (taken(answer)) throw new Breach(`${tenant.id}: the API server takes ${what}`);
    if (!answer?.includes(`ValidatingAdmissionPolicy '${TENANT_PODS_POLICY}'`) || !refusal.test(answer)) {
      throw new Error(`${tenant.id}: ${what} is refused for another reason: ${answer}`);
    }
  }
  return `${tenant.id}: ${ATTEMPTS.length} pods and changes of pods refused, the tenant's own taken`;
}

/** Quotas are asked last: what only they refuse would run in another tenant's, or once a pod is gone. */
function taken(refusal: string | undefined): boolean {
  return refusal === undefined || /exceeded quota/.test(refusal);
}

/** A pod like `pod`, as somebody would make it by hand. */
function again(pod: V1Pod, change: { metadata?: V1Pod["metadata"]; spec?: Partial<V1PodSpec> } = {}): PodRequest {
  const { namespace, labels, annotations } = pod.metadata ?? {};
  const { nodeName: _, ...spec } = pod.spec ?? { containers: [] };
  const metadata = { name: "made-by-hand", namespace, labels, annotations, ...change.metadata };
  return { how: "create", pod: { metadata, spec: { ...spec, ...change.spec } } as V1Pod };
}

/** The same with other labels. */
function labelled(pod: V1Pod, labels: Readonly<Record<string, string>>): V1Pod {
  return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, ...labels } } };
}

/** The pod's containers, each with a change. */
function containers(pod: V1Pod, change: Partial<V1PodSpec["containers"][number]>): Partial<V1PodSpec> {
  return { containers: (pod.spec?.containers ?? []).map((container) => ({ ...container, ...change })) };
}

function without(pod: V1Pod, ...fields: readonly (keyof V1PodSpec)[]): V1Pod {
  const spec = Object.fromEntries(
    Object.entries(pod.spec ?? {}).filter(([key]) => !fields.some((field) => field === key)),
  );
  return { ...pod, spec: spec as unknown as V1PodSpec };
}

const DEBUGGER = { name: "debugger", image: "docker.io/library/busybox:1.37" };

/** A container that Pod Security takes. */
const quiet = ({ spec }: V1Pod) => ({ ...DEBUGGER, securityContext: spec?.containers[0]?.securityContext });

const ATTEMPTS: readonly Attempt[] = [
  {
    what: "a sandbox on the node's own kernel",
    refusal: /runtimeClassName/,
    ask: (sandbox) => again(without(sandbox, "runtimeClassName", "overhead")),
  },
  {
    what: "a pod that says it is the front door",
    refusal: /is its cell or its sandbox/,
    ask: (sandbox) => again(labelled(sandbox, { [COMPONENT_LABEL]: "front-door" })),
  },
  {
    what: "a pod that says it is another tenant's",
    refusal: /label .* of its namespace/,
    ask: (sandbox) => again(labelled(sandbox, { [TENANT_LABEL]: "somebody-else" })),
  },
  {
    what: "a second cell",
    refusal: /one cell/,
    ask: (_, cell) => again(cell),
  },
  {
    what: "a sandbox that is turned into a cell",
    refusal: /the cell has none/,
    ask: (sandbox) => ({ how: "replace", pod: labelled(sandbox, { [COMPONENT_LABEL]: "cell" }) }),
  },
  {
    what: "an image of somebody else",
    refusal: /images/,
    ask: (sandbox) => again(sandbox, { spec: containers(sandbox, { image: DEBUGGER.image }) }),
  },
  {
    what: "a standing sandbox with another image",
    refusal: /images/,
    ask: (sandbox) => {
      const spec = { ...sandbox.spec, ...containers(sandbox, { image: DEBUGGER.image }) } as V1PodSpec;
      return { how: "replace", pod: { ...sandbox, spec } };
    },
  },
  {
    what: "a sandbox with a command of its own",
    refusal: /starts what its image starts/,
    ask: (sandbox) => again(sandbox, { spec: containers(sandbox, { command: ["sleep", "infinity"] }) }),
  },
  {
    what: "a variable from the cell's Secret",
    refusal: /variable/,
    ask: (sandbox) =>
      again(sandbox, { spec: containers(sandbox, { envFrom: [{ secretRef: { name: "cell-secrets" } }] }) }),
  },
  {
    what: "the cell's secrets in a sandbox",
    refusal: /mounts/,
    ask: (sandbox) => {
      const secrets = { name: "stolen", secret: { secretName: "cell-secrets" } };
      return again(sandbox, { spec: { volumes: [...(sandbox.spec?.volumes ?? []), secrets] } });
    },
  },
  {
    what: "a token of the API server",
    refusal: /mounts|token/,
    ask: (sandbox) => again(sandbox, { spec: { automountServiceAccountToken: true } }),
  },
  {
    what: "names of hosts of its own",
    refusal: /names of hosts/,
    ask: (sandbox) => again(sandbox, { spec: { hostAliases: [{ ip: "10.0.0.1", hostnames: ["router"] }] } }),
  },
  {
    what: "flags of the runtime",
    refusal: /flags/,
    ask: (sandbox) => {
      const annotations = { ...sandbox.metadata?.annotations, "dev.gvisor.flag.network": "host" };
      return again(sandbox, { metadata: { annotations } });
    },
  },
  {
    what: "the priority of the cluster's own pods",
    refusal: /place of the cluster's own/,
    ask: (sandbox) => again(without(sandbox, "priority"), { spec: { priorityClassName: "system-node-critical" } }),
  },
  {
    what: "a node by its name",
    refusal: /scheduler alone/,
    ask: (sandbox) => again(sandbox, { spec: { nodeName: sandbox.spec?.nodeName ?? "" } }),
  },
  {
    what: "a toleration of every taint",
    refusal: /taint/,
    ask: (sandbox) => again(sandbox, { spec: { tolerations: [{ operator: "Exists" }] } }),
  },
  {
    what: "a container put into the cell",
    refusal: /nobody puts a container/,
    ask: (_, cell) => ({
      how: "debug",
      pod: { ...cell, spec: { ...cell.spec, ephemeralContainers: [quiet(cell)] } as V1PodSpec },
    }),
  },
];
