import { z } from "zod";
import { gpusOf, NIM_SERVICE } from "../gpus.ts";
import { free, type Meter, type MeterContext, type Metered, type Meters, unpriced, usage } from "../meter.ts";
import { exactly } from "../money.ts";
import { gib, metadata, read } from "../resource.ts";

const claim = z.object({
  storageClassName: z.string(),
  resources: z.object({ requests: z.object({ storage: z.string() }) }),
});

const claimObject = z.object({ metadata, spec: claim });

const statefulSet = z.object({
  metadata,
  spec: z.object({
    replicas: z.number().default(1),
    volumeClaimTemplates: z.array(z.object({ spec: claim })).default([]),
  }),
});

const service = z.object({
  metadata,
  spec: z.object({ type: z.string().optional(), loadBalancerClass: z.string().optional() }),
});

const nimCache = z.object({
  metadata,
  spec: z.object({ storage: z.object({ pvc: z.object({ size: z.string(), storageClass: z.string() }) }) }),
});

const ON_NODES = "runs on nodes, which are counted";

const claimMeter: Meter = (resource, context) => {
  const object = read(claimObject, resource);
  return [claimed(object.spec, 1, object.metadata.namespace, context)];
};

const setMeter: Meter = (resource, context) => {
  const { metadata: about, spec } = read(statefulSet, resource);
  return [
    free(ON_NODES),
    ...spec.volumeClaimTemplates.map((each) => claimed(each.spec, spec.replicas, about.namespace, context)),
  ];
};

function claimed(
  { storageClassName, resources }: z.output<typeof claim>,
  replicas: number,
  namespace: string | undefined,
  { volume, tenantOf }: MeterContext,
): Metered {
  const found = volume(storageClassName);
  const tenant = tenantOf(namespace);
  const whose = tenant === undefined ? {} : { tenant };
  if ("kind" in found) return found.kind === "free" ? found : { ...found, ...whose };
  return usage({ ...found, quantity: exactly(gib(resources.requests.storage) * replicas), ...whose });
}

/** A load balancer that the cloud makes for a Service; those with one of their own, or in the cluster, have been counted. */
const serviceMeter: Meter = (resource, { provider }) => {
  const { metadata: about, spec } = read(service, resource);
  if (spec.type !== "LoadBalancer") return [free("part of the cluster's network")];
  if (provider === "" || spec.loadBalancerClass === "metallb.io/metallb")
    return [free("an address of the company's own network")];
  if (about.annotations?.["service.kubernetes.io/tke-existed-lbid"] !== undefined) {
    return [free("uses the load balancer that is counted")];
  }
  return [unpriced("network", "load balancer of a Service", "the cloud makes it, and the plan does not say which")];
};

/** NVIDIA AI Enterprise is licensed by GPU and year; its price in a cloud by the hour is not what is counted here. */
const nimMeter: Meter = (resource) => [
  free(ON_NODES),
  usage({
    what: "NVIDIA AI Enterprise for NIM",
    category: "licence",
    provider: "onprem-dgx",
    sku: "nvidia-ai-enterprise",
    quantity: { ...exactly(gpusOf(resource)), low: 0 },
    months: 12,
    assumed:
      "at the least nothing, because the support of a DGX system may hold the licence; else every GPU of the service, for a year",
  }),
];

const nimCacheMeter: Meter = (resource, context) => {
  const { metadata: about, spec } = read(nimCache, resource);
  const { size, storageClass } = spec.storage.pvc;
  return [
    claimed(
      { storageClassName: storageClass, resources: { requests: { storage: size } } },
      1,
      about.namespace,
      context,
    ),
  ];
};

/** What the cluster holds: volumes, licences; the rest runs on nodes. */
export const kubernetesMeters: Meters = {
  prefix: "kubernetes:",
  meters: {
    "kubernetes:core/v1:PersistentVolumeClaim": claimMeter,
    "kubernetes:apps/v1:StatefulSet": setMeter,
    "kubernetes:core/v1:Service": serviceMeter,
    [NIM_SERVICE]: nimMeter,
    "kubernetes:apps.nvidia.com/v1alpha1:NIMCache": nimCacheMeter,
  },
  free: {},
  others: free("an object of the cluster, which runs on nodes that are counted"),
};
