import { metadataOf, type PlannedResource, specOf } from "./plan.ts";

/** The part of a container that tests read. */
export interface PlannedContainer {
  readonly name: string;
  readonly image: unknown;
  readonly args?: readonly string[];
  readonly securityContext?: unknown;
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: unknown;
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly env?: unknown;
  readonly envFrom?: unknown;
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
}

/** The part of a pod that tests read. */
export interface PlannedPodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly runtimeClassName?: string;
  readonly affinity?: unknown;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: unknown;
  readonly containers: readonly PlannedContainer[];
  readonly initContainers?: readonly PlannedContainer[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

/** A Deployment, StatefulSet, Job or CronJob and the pod that it makes. */
export interface Workload {
  /** `namespace/name`. */
  readonly at: string;
  readonly kind: string;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, unknown>>;
  readonly pod: PlannedPodSpec;
  readonly containers: readonly PlannedContainer[];
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly template: {
    readonly metadata: {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, unknown>>;
    };
    readonly spec: PlannedPodSpec;
  };
}

/** Kubernetes' kinds that make pods. A resource of another kind with a pod in it is an error, so that none is missed. */
const KINDS: readonly string[] = ["Deployment", "StatefulSet", "Job", "CronJob"];

/** Everything in a plan that makes pods. */
export function workloads(plan: readonly PlannedResource[]): readonly Workload[] {
  return plan.flatMap((resource) => {
    const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
    const hasPod = JSON.stringify(resource.inputs).includes('"containers":');
    if (!hasPod) return [];
    if (!KINDS.includes(kind)) throw new Error(`${resource.urn} has containers, and no test looks at a ${kind}`);
    const { name, namespace } = metadataOf(resource);
    const { replicas, template } = kind === "CronJob" ? jobSpec(resource) : specOf<WorkloadSpec>(resource);
    const { containers, initContainers = [] } = template.spec;
    return {
      at: `${namespace}/${name}`,
      kind,
      // A Job has none; it runs one pod at a time.
      replicas: replicas ?? 1,
      labels: template.metadata.labels,
      annotations: template.metadata.annotations ?? {},
      pod: template.spec,
      containers: [...initContainers, ...containers],
    };
  });
}

/** What a CronJob starts. */
function jobSpec(resource: PlannedResource): WorkloadSpec {
  return specOf<{ readonly jobTemplate: { readonly spec: WorkloadSpec } }>(resource).jobTemplate.spec;
}

/** The workload at `namespace/name`. */
export function workloadAt(plan: readonly PlannedResource[], at: string): Workload {
  const found = workloads(plan).find((workload) => workload.at === at);
  if (found === undefined)
    throw new Error(
      `no pods at ${at}; there are ${workloads(plan)
        .map((w) => w.at)
        .join(", ")}`,
    );
  return found;
}
