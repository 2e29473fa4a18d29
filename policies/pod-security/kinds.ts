/** API groups that have served each kind that makes pods; of another group, a kind of that name is somebody's own. */
const POD_KINDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [""],
  PodTemplate: [""],
  ReplicationController: [""],
  DaemonSet: ["apps", "extensions"],
  Deployment: ["apps", "extensions"],
  ReplicaSet: ["apps", "extensions"],
  StatefulSet: ["apps"],
  CronJob: ["batch"],
  Job: ["batch"],
};

/** What every Kubernetes object says of itself. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** `apps` of `apps/v1`; empty for the core group's `v1`. */
export function groupOf({ apiVersion }: Pick<KubernetesObject, "apiVersion">): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Whether Kubernetes makes pods of such objects, so that the Pod Security Standards say something about them. */
export function bearsPod(object: Pick<KubernetesObject, "apiVersion" | "kind">): boolean {
  return Object.hasOwn(POD_KINDS, object.kind) && POD_KINDS[object.kind]?.includes(groupOf(object)) === true;
}

/**
 * The pod, or the pod template, of an object that {@link bearsPod}: its metadata and spec, still to be read.
 * @returns undefined where the object has none.
 */
export function rawPodOf(object: KubernetesObject): unknown {
  switch (object.kind) {
    case "Pod":
      return object;
    case "PodTemplate":
      return object["template"] ?? undefined;
    case "CronJob":
      return at(object, "spec", "jobTemplate", "spec", "template");
    default:
      return at(object, "spec", "template");
  }
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined) ?? undefined, value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
