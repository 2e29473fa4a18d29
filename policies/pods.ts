import { z } from "zod";
import type { Fields } from "./known.ts";
import { once } from "./once.ts";
import type { Plan } from "./rule.ts";

/** What a tenant's objects are labelled with. */
export const TENANT_LABEL = "breakwater.dev/tenant";

/** Nodes of a pool carry it, and pods that belong there select it. */
export const POOL_LABEL = "breakwater.dev/pool";

/** Every Kubernetes type of our stacks that carries a pod. */
export const POD_TYPES = [
  "kubernetes:core/v1:Pod",
  "kubernetes:core/v1:ReplicationController",
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
export const podSpecOf = once((props: Fields): unknown => {
  const spec = podHolder.parse(props["spec"]);
  if ("jobTemplate" in spec) return spec.jobTemplate.spec.template.spec;
  return "template" in spec ? spec.template.spec : props["spec"];
});

const containers = z.object({
  containers: z.array(z.unknown()),
  initContainers: z.array(z.unknown()).optional(),
  ephemeralContainers: z.array(z.unknown()).optional(),
});

/** All containers of the pod, those that prepare it and those that are put into it included. */
export const containersOf = once((props: Fields): readonly unknown[] => {
  const { containers: main, initContainers = [], ephemeralContainers = [] } = containers.parse(podSpecOf(props));
  return [...initContainers, ...main, ...ephemeralContainers];
});

const labels = z.record(z.string(), z.string());
const metadata = z.object({
  metadata: z
    .object({ name: z.string().optional(), namespace: z.string().optional(), labels: labels.optional() })
    .default({}),
});
const labelled = z.object({ metadata: z.object({ labels: labels.default({}) }).default({ labels: {} }) });
const templateHolder = z.union([
  z.object({ jobTemplate: z.object({ spec: z.object({ template: labelled }) }) }),
  z.object({ template: labelled }),
]);

/** Where an object of the cluster stands and how it is labelled. */
export interface ObjectMeta {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/** The metadata of an object of the cluster. */
export const metaOf = once((props: Fields): ObjectMeta => {
  const { name, namespace, labels: own = {} } = metadata.parse(props).metadata;
  return { name, namespace, labels: own };
});

/** The labels that the pod itself gets. */
export const podLabelsOf = once((props: Fields): Readonly<Record<string, string>> => {
  const holder = templateHolder.safeParse(props["spec"]);
  if (!holder.success) return metaOf(props).labels;
  const template = "template" in holder.data ? holder.data.template : holder.data.jobTemplate.spec.template;
  return template.metadata.labels;
});

/** The part of the platform that the pod is: `cell`, `sandbox`, `front-door`. */
export function componentOf(props: Fields): string | undefined {
  return podLabelsOf(props)["app.kubernetes.io/component"];
}

/** A namespace that is one tenant's. */
export interface TenantNamespace {
  readonly urn: string;
  readonly name: string;
  readonly tenant: string;
}

/** The namespaces of tenants. */
export const tenantNamespaces = once((plan: Plan): readonly TenantNamespace[] =>
  plan.ofType("kubernetes:core/v1:Namespace").flatMap(({ urn, props }) => {
    const { name, labels: own } = metaOf(props);
    const tenant = own[TENANT_LABEL];
    return tenant === undefined || name === undefined ? [] : [{ urn, name, tenant }];
  }),
);

/** What carries a pod in a tenant's namespace. */
export interface TenantPod {
  readonly urn: string;
  readonly home: TenantNamespace;
  readonly component: string | undefined;
  readonly props: Fields;
}

/** Everything that carries a pod in the namespaces of tenants. */
export const tenantPods = once((plan: Plan): readonly TenantPod[] => {
  const homes = new Map(tenantNamespaces(plan).map((home) => [home.name, home]));
  return plan.ofType(...POD_TYPES).flatMap(({ urn, props }) => {
    const home = homes.get(metaOf(props).namespace ?? "");
    return home === undefined ? [] : [{ urn, home, component: componentOf(props), props }];
  });
});

/**
 * Where what agents write is run: every pod in a tenant's namespace but the cell, which is OpenClaw's own gateway. A pod
 * that nobody thought of counts.
 */
export const agentPods = once((plan: Plan): readonly TenantPod[] =>
  tenantPods(plan).filter(({ component }) => component !== "cell"),
);
