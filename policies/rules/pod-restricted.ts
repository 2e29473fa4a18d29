import { z } from "zod";
import { POD_TYPES, podSpecOf } from "../pods.ts";
import type { ResourceRule } from "../rule.ts";

const seccompProfile = z.object({ type: z.string() }).optional();
const podContext = z.object({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  seccompProfile,
});
const containerContext = podContext.extend({
  privileged: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  capabilities: z.object({ drop: z.array(z.string()).optional(), add: z.array(z.string()).optional() }).optional(),
});
const container = z.object({ name: z.string(), securityContext: containerContext.optional() });
const pod = z.object({
  securityContext: podContext.optional(),
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  containers: z.array(z.unknown()),
  initContainers: z.array(z.unknown()).optional(),
});

type PodContext = z.infer<typeof podContext>;
type ContainerContext = z.infer<typeof containerContext>;

/** What an agent may do to its node when it has taken over its container: as little as Kubernetes can say. */
export const podRestricted: ResourceRule = {
  id: "pod-restricted",
  controls: ["k8s-pss/restricted", "nist-800-53r5/AC-6"],
  severity: "critical",
  says: "Containers run without root, without a way to gain rights, on a read-only root and under a seccomp profile.",
  fix: "set the named field in the securityContext of the container or the pod",
  on: POD_TYPES,
  *check(props) {
    const { securityContext = {}, containers, initContainers = [], ...host } = pod.parse(podSpecOf(props));
    for (const field of ["hostNetwork", "hostPID", "hostIPC"] as const) {
      if (host[field]) yield `the pod sets ${field}`;
    }
    for (const raw of [...containers, ...initContainers]) {
      const { name, securityContext: own = {} } = container.parse(raw);
      for (const problem of problemsOf(own, securityContext)) yield `container ${name}: ${problem}`;
    }
  },
};

/** A container's own field wins over the pod's, as in Kubernetes. */
function* problemsOf(own: ContainerContext, inherited: PodContext): Iterable<string> {
  if ((own.runAsNonRoot ?? inherited.runAsNonRoot) !== true) yield "runAsNonRoot is not true";
  if ((own.runAsUser ?? inherited.runAsUser) === 0) yield "runAsUser is 0";
  if (own.privileged === true) yield "privileged is true";
  if (own.allowPrivilegeEscalation !== false) yield "allowPrivilegeEscalation is not false";
  if (own.readOnlyRootFilesystem !== true) yield "readOnlyRootFilesystem is not true";
  if (!own.capabilities?.drop?.includes("ALL")) yield "capabilities.drop lacks ALL";
  const added = own.capabilities?.add ?? [];
  if (added.length > 0) yield `capabilities.add has ${added.join(", ")}`;
  const profile = (own.seccompProfile ?? inherited.seccompProfile)?.type;
  if (profile !== "RuntimeDefault" && profile !== "Localhost") yield `seccompProfile is ${profile ?? "missing"}`;
}
