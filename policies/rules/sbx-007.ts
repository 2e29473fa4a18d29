import { z } from "zod";
import { agentPods, POD_TYPES, podSpecOf } from "../pods.ts";
import type { StackRule } from "../rule.ts";

const pod = z.object({ volumes: z.array(z.record(z.string(), z.unknown())).default([]) });
const holder = z.object({
  spec: z.object({
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
});

/** Kinds of volumes that are gone with the pod, or that it cannot write. */
const GONE_WITH_IT = ["emptyDir", "secret", "configMap", "projected", "downwardAPI"];

/**
 * What one task left behind must not be found by the next tenant's. A sandbox is one tenant's for as long as it lives, in
 * that tenant's namespace, and all that it can write is gone with it; OpenClaw gives each session a folder of its own.
 */
export const sbx007: StackRule = {
  id: "SBX-007",
  subjects: POD_TYPES,
  *check(plan) {
    for (const { urn, props } of agentPods(plan)) {
      for (const { metadata } of holder.parse(props).spec.volumeClaimTemplates) {
        yield { urn, problem: `volume ${metadata.name} outlives the pod` };
      }
      for (const { name, ...kinds } of pod.parse(podSpecOf(props)).volumes) {
        const lasting = Object.keys(kinds).filter((kind) => !GONE_WITH_IT.includes(kind));
        if (lasting.length > 0) yield { urn, problem: `volume ${String(name)} is of kind ${lasting.join(", ")}` };
      }
    }
  },
};
