import { z } from "zod";

/** A field as Kubernetes decodes it: null is the same as absent. */
const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const flag = optional(z.boolean());
const wholeNumber = optional(z.int());
const list = <T extends z.ZodType>(schema: T) =>
  z
    .array(schema)
    .nullish()
    .transform((value) => value ?? []);
/** A string that is not a pointer in the API: absent is the empty one. */
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");

/** Of a seccomp or AppArmor profile, what kind it is. */
const profile = optional(z.object({ type: text }));

const sharedContext = {
  seLinuxOptions: optional(z.object({ type: text, user: text, role: text })),
  seccompProfile: profile,
  appArmorProfile: profile,
  windowsOptions: optional(z.object({ hostProcess: flag })),
  runAsNonRoot: flag,
  runAsUser: wholeNumber,
};

const handler = optional(
  z.object({ httpGet: optional(z.object({ host: text })), tcpSocket: optional(z.object({ host: text })) }),
);

const container = z.object({
  name: text,
  ports: list(z.object({ hostPort: wholeNumber })),
  livenessProbe: handler,
  readinessProbe: handler,
  startupProbe: handler,
  lifecycle: optional(z.object({ postStart: handler, preStop: handler })),
  securityContext: optional(
    z.object({
      ...sharedContext,
      privileged: flag,
      allowPrivilegeEscalation: flag,
      procMount: optional(z.string()),
      capabilities: optional(z.object({ add: list(z.string()), drop: list(z.string()) })),
    }),
  ),
});

const podSpec = z.object({
  os: optional(z.object({ name: text })),
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostUsers: flag,
  securityContext: optional(z.object({ ...sharedContext, sysctls: list(z.object({ name: text })) })),
  volumes: list(z.looseObject({ name: text })),
  initContainers: list(container),
  containers: z.array(container).min(1),
  ephemeralContainers: list(container),
});

const podSchema = z.object({
  metadata: z
    .object({
      annotations: z
        .record(z.string(), text)
        .nullish()
        .transform((value) => value ?? {}),
    })
    .nullish()
    .transform((value) => value ?? { annotations: {} }),
  spec: podSpec,
});

/** What the controls read of a pod or of a workload's pod template; nothing else of it is looked at. */
export type Pod = z.output<typeof podSchema>;

/** One container's part of a {@link Pod}. */
export type Container = Pod["spec"]["containers"][number];

/** A probe or a lifecycle handler. */
export type Handler = Container["livenessProbe"];

/** One volume with all that is written in it. */
export type Volume = Pod["spec"]["volumes"][number];

/** A container with the words that a reader finds it by. */
export interface Placed {
  /** `container app`, `init container fetch` or `ephemeral container debug`. */
  readonly place: string;
  readonly container: Container;
}

/**
 * Reads a pod as the API server decodes it.
 * @throws ZodError where the server would refuse to decode it, or where it has no container.
 */
export function readPod(raw: unknown): Pod {
  return podSchema.parse(raw);
}

/** Every container that ever runs in the pod: those that prepare it, its own, those put into it to debug. */
export function containersOf({ spec }: Pod): readonly Placed[] {
  const placed = (kind: string) => (one: Container) => ({ place: `${kind} ${one.name}`, container: one });
  return [
    ...spec.initContainers.map(placed("init container")),
    ...spec.containers.map(placed("container")),
    ...spec.ephemeralContainers.map(placed("ephemeral container")),
  ];
}
