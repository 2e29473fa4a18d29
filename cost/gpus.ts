import { z } from "zod";
import { type CostedResource, read } from "./resource.ts";

const WHOLE = "nvidia.com/gpu";

/** `nvidia.com/mig-3g.40gb`: three of the seven slices of a GPU, of which two such parts fit. */
const PART = /^nvidia\.com\/mig-(\d)g\./;

const limits = z.object({ limits: z.record(z.string(), z.unknown()).optional() }).optional();

const workload = z.object({
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({ spec: z.object({ containers: z.array(z.object({ resources: limits })) }) }),
  }),
});

const nimService = z.object({ spec: z.object({ replicas: z.number().default(1), resources: limits }) });

export const NIM_SERVICE = "kubernetes:apps.nvidia.com/v1alpha1:NIMService";

const WORKLOADS: readonly string[] = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

/** GPUs that a model server asks for, all of its replicas together: whole ones, and the fewest that its parts fit in. */
export function gpusOf(resource: CostedResource): number {
  if (resource.type === NIM_SERVICE) {
    const { replicas, resources } = read(nimService, resource).spec;
    return gpusFor(resources?.limits ?? {}, replicas);
  }
  if (!WORKLOADS.includes(resource.type)) return 0;
  const { replicas, template } = read(workload, resource).spec;
  return template.spec.containers.reduce((sum, { resources }) => sum + gpusFor(resources?.limits ?? {}, replicas), 0);
}

function gpusFor(asked: Readonly<Record<string, unknown>>, replicas: number): number {
  return Object.entries(asked).reduce((sum, [name, count]) => {
    const servers = Number(count) * replicas;
    if (name === WHOLE) return sum + servers;
    const slices = PART.exec(name)?.[1];
    return slices === undefined ? sum : sum + Math.ceil(servers / Math.floor(7 / Number(slices)));
  }, 0);
}
