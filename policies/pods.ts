import { z } from "zod";

/** Every Kubernetes type of our stacks that carries a pod. */
export const POD_TYPES = [
  "kubernetes:core/v1:Pod",
  "kubernetes:apps/v1:DaemonSet",
  "kubernetes:apps/v1:Deployment",
  "kubernetes:apps/v1:ReplicaSet",
  "kubernetes:apps/v1:StatefulSet",
  "kubernetes:batch/v1:CronJob",
  "kubernetes:batch/v1:Job",
] as const;

const podHolder = z.union([
  z.object({ jobTemplate: z.object({ spec: z.object({ template: z.object({ spec: z.unknown() }) }) }) }),
  z.object({ template: z.object({ spec: z.unknown() }) }),
  z.object({ containers: z.unknown() }),
]);

/** The pod inside a Pod, a workload or a CronJob. */
export function podSpecOf(props: Readonly<Record<string, unknown>>): unknown {
  const spec = podHolder.parse(props["spec"]);
  if ("jobTemplate" in spec) return spec.jobTemplate.spec.template.spec;
  return "template" in spec ? spec.template.spec : props["spec"];
}

const containers = z.object({
  containers: z.array(z.unknown()),
  initContainers: z.array(z.unknown()).optional(),
  ephemeralContainers: z.array(z.unknown()).optional(),
});

/** All containers of the pod, those that prepare it and those that are put into it included. */
export function containersOf(props: Readonly<Record<string, unknown>>): readonly unknown[] {
  const { containers: main, initContainers = [], ephemeralContainers = [] } = containers.parse(podSpecOf(props));
  return [...initContainers, ...main, ...ephemeralContainers];
}
