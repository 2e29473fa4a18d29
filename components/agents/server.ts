import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { notAwaited, objectLabels, type Part, selectorLabels } from "../labels.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Placement } from "../platform.ts";
import { pinnedTo } from "./pinned.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { probe } from "./probe.ts";

/** A volume and where the server finds it. */
export interface MountedVolume {
  readonly volume: input.core.v1.Volume;
  readonly mountPath: string;
  readonly readOnly: boolean;
}

/** One of our own HTTP services in the shared namespace. */
export interface ServerArgs {
  readonly part: "front-door" | "router" | "echo-model";
  readonly image: Input<string>;
  readonly replicas: number;
  /** Which nodes it may run on. */
  readonly placement: Placement;
  /**
   * Whether each replica keeps its name over its pods, because it writes files of its own: a new pod then goes on with
   * the audit log of the one before. @default false
   */
  readonly stableNames?: boolean;
  readonly port: number;
  /** Port of probes and metrics, of which no Service knows, and which speaks plainly. @default probes on `port`, by TLS */
  readonly operationsPort?: number;
  readonly args: readonly string[];
  readonly memoryMiB: number;
  readonly annotations: Readonly<Record<string, Input<string>>>;
  readonly volumes: readonly MountedVolume[];
  /** How the Service is exposed. @default inside the cluster only */
  readonly service?: Partial<input.core.v1.ServiceSpec>;
  readonly serviceAnnotations?: Readonly<Record<string, Input<string>>>;
  /** Seconds that a stopping server may take to finish what runs. @default 30 */
  readonly graceSeconds?: number;
}

/**
 * The pods and the Service of one of our servers, and with replicas a PodDisruptionBudget; all carry the part's name.
 * A Deployment, or where names have to be stable a StatefulSet, whose replicas are replaced one at a time.
 */
export class Server {
  readonly service: Service;

  constructor(logicalName: string, args: ServerArgs, opts: CustomResourceOptions) {
    const { part, port } = args;
    const metadata = { name: part, namespace: PLATFORM_NAMESPACE, labels: objectLabels(part) };
    const spec = {
      replicas: args.replicas,
      selector: { matchLabels: selectorLabels(part) },
      template: {
        metadata: { labels: metadata.labels, annotations: { ...args.annotations } },
        spec: serverPod(args),
      },
    };
    if (args.stableNames === true) {
      new StatefulSet(
        logicalName,
        // Ordered, a pod that never gets ready would keep the change that mends it from being rolled out.
        { metadata, spec: { ...spec, serviceName: part, podManagementPolicy: "Parallel" } },
        opts,
      );
    } else {
      // Never fewer than asked for: a new pod answers before an old one stops.
      const strategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
      new Deployment(logicalName, { metadata, spec: { ...spec, strategy } }, opts);
    }
    this.service = new Service(
      logicalName,
      {
        metadata: { ...metadata, annotations: { ...notAwaited, ...args.serviceAnnotations } },
        spec: {
          selector: selectorLabels(part),
          ports: [{ name: "http", port, targetPort: "http" }],
          ...args.service,
        },
      },
      opts,
    );
    if (args.replicas < 2) return;
    new PodDisruptionBudget(
      logicalName,
      // What drains a node takes one replica at a time.
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(part) } } },
      opts,
    );
  }
}

function serverPod(args: ServerArgs): input.core.v1.PodSpec {
  const [probed, scheme] =
    args.operationsPort === undefined ? (["http", "HTTPS"] as const) : (["ops", "HTTP"] as const);
  return {
    ...restrictedPod,
    ...pinnedTo(args.placement),
    ...(args.replicas < 2 ? {} : { affinity: apart(args.part), topologySpreadConstraints: [overZones(args.part)] }),
    terminationGracePeriodSeconds: args.graceSeconds ?? 30,
    containers: [
      {
        ...restrictedContainer,
        name: args.part,
        image: args.image,
        args: [...args.args],
        ports: [
          { name: "http", containerPort: args.port },
          ...(args.operationsPort === undefined ? [] : [{ name: "ops", containerPort: args.operationsPort }]),
        ],
        resources: {
          requests: { cpu: "20m", memory: "64Mi" },
          limits: { cpu: "1", memory: `${args.memoryMiB}Mi` },
        },
        startupProbe: probe("/healthz", probed, { periodSeconds: 1, failureThreshold: 60 }, scheme),
        livenessProbe: probe("/healthz", probed, { periodSeconds: 10, failureThreshold: 3 }, scheme),
        readinessProbe: probe("/readyz", probed, { periodSeconds: 2, failureThreshold: 2 }, scheme),
        volumeMounts: args.volumes.map(({ volume, mountPath, readOnly }) => ({
          name: volume.name,
          mountPath,
          readOnly,
        })),
      },
    ],
    volumes: args.volumes.map(({ volume }) => volume),
  };
}

/** Replicas over zones where there are several; one zone still runs them all. */
function overZones(part: Part): input.core.v1.TopologySpreadConstraint {
  return {
    maxSkew: 1,
    topologyKey: "topology.kubernetes.io/zone",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selectorLabels(part) },
  };
}

/** Replicas on different nodes where there are several; preferred only, so that one node still runs them all. */
function apart(part: Part): input.core.v1.Affinity {
  const podAffinityTerm = {
    labelSelector: { matchLabels: selectorLabels(part) },
    topologyKey: "kubernetes.io/hostname",
  };
  return { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] } };
}
