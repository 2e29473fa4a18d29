import type { RawResource } from "../../policies/evaluate.ts";
import { planned } from "./judge.ts";

export const DIGEST = `docker.io/breakwater/cell@sha256:${"a".repeat(64)}`;

export const CONTEXT = {
  runAsNonRoot: true,
  runAsUser: 1000,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** A container that every rule lets through. */
export const GOOD = { name: "cell", image: DIGEST, securityContext: CONTEXT };

/** A pod with one container. */
export function pod(container: object = GOOD, rest: object = {}): RawResource {
  return planned("kubernetes:core/v1:Pod", { spec: { containers: [container], ...rest } });
}

/** The same container in a workload and in a CronJob. */
export function everywhere(container: object): readonly RawResource[] {
  const template = { spec: { containers: [container] } };
  return [
    pod(container),
    planned("kubernetes:core/v1:ReplicationController", { spec: { template } }),
    planned("kubernetes:apps/v1:Deployment", { spec: { template } }),
    planned("kubernetes:batch/v1:CronJob", { spec: { jobTemplate: { spec: { template } } } }),
    pod(GOOD, { initContainers: [container] }),
    pod(GOOD, { ephemeralContainers: [container] }),
  ];
}

/** The good container with its security context changed. */
export function withContext(change: object): object {
  return { ...GOOD, securityContext: { ...CONTEXT, ...change } };
}
