import { z } from "zod";
import { containersOf, POD_TYPES, podSpecOf } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const NAMESPACES = ["hostNetwork", "hostPID", "hostIPC"] as const;

const pod = z.object({
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  hostIPC: z.boolean().optional(),
  volumes: z.array(z.object({ name: z.string(), hostPath: z.unknown().optional() })).optional(),
});
const container = z.object({
  name: z.string(),
  ports: z.array(z.object({ hostPort: z.number().optional() })).optional(),
});

/** Each of these is a way around the wall between a pod and its node. */
export const k8s009: ResourceRule = {
  id: "K8S-009",
  on: forTypes(POD_TYPES, function* (props) {
    const { volumes = [], ...host } = pod.parse(podSpecOf(props));
    for (const field of NAMESPACES) if (host[field] === true) yield `the pod sets ${field}`;
    for (const { name, hostPath } of volumes) if (hostPath !== undefined) yield `volume ${name} is a hostPath`;
    for (const raw of containersOf(props)) {
      const { name, ports = [] } = container.parse(raw);
      for (const { hostPort = 0 } of ports) if (hostPort !== 0) yield `container ${name} takes hostPort ${hostPort}`;
    }
  }),
};
