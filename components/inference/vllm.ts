import { createHash } from "node:crypto";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { pinnedTo } from "../agents/pinned.ts";
import { restrictedContainer, restrictedPod } from "../agents/pod-security.ts";
import { SECRETS_ANNOTATION } from "../agents/settings-file.ts";
import { Component } from "../component.ts";
import { notAwaited } from "../labels.ts";
import type { Placement, Platform } from "../platform.ts";
import { certificateFiles } from "../transport.ts";
import { fillModel } from "./fill-model.ts";
import { MEMORY_SHARE } from "./memory.ts";
import {
  INFERENCE_NAMESPACE,
  MODEL_PORT,
  memoryGiB,
  modelLabels,
  OFFLINE,
  type ServedModel,
  volumeGiB,
} from "./served-model.ts";
import { gpuResources } from "./sharing.ts";

/** What a model served by vLLM needs. */
export interface VllmArgs {
  readonly model: ServedModel & { readonly source: { readonly kind: "mirror" } };
  /** Nodes with its GPUs. */
  readonly placement: Placement;
  /** Nodes that fetch the weights, which needs no GPU. */
  readonly mirrorPlacement: Placement;
  /** StorageClass that several replicas can read from. */
  readonly storageClass: string;
  readonly secretFiles: Platform["secretFiles"];
}

/** Where servers find the weights. */
const MODEL_FOLDER = "/models";

/** Where servers find their certificate. The router, which asks for TLS 1.3, is the only one that reaches them. */
const TLS_FOLDER = "/run/secrets/tls";

/** Compiled kernels and graphs. */
const SCRATCH = "/tmp";

/** Time that the largest models take to be read into memory. */
const START_SECONDS = 3600;

/**
 * A model served by vLLM: weights on a volume, filled once from a mirror and read only by the servers, which look
 * nothing up outside.
 *
 * Children: PersistentVolumeClaim, ConfigMap and Job that fill it, Secret with the certificate, Deployment, Service. Cost: GPUs.
 */
export class VllmModel extends Component {
  constructor(name: string, args: VllmArgs, opts?: ComponentResourceOptions) {
    super("breakwater:inference:VllmModel", name, opts);
    const { model } = args;
    const labels = modelLabels(model.name);
    const metadata = { name: model.name, namespace: INFERENCE_NAMESPACE, labels };
    const weights = new PersistentVolumeClaim(
      name,
      {
        metadata: { ...metadata, annotations: notAwaited },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: args.storageClass,
          resources: { requests: { storage: `${volumeGiB(model)}Gi` } },
        },
      },
      this.child(),
    );
    const filled = fillModel(
      name,
      {
        model,
        url: model.source.url,
        claimName: model.name,
        folder: folderOf(model.source.url),
        placement: args.mirrorPlacement,
      },
      this.child([weights]),
    );
    const tls = args.secretFiles(
      `${name}-tls`,
      {
        namespace: INFERENCE_NAMESPACE,
        name: tlsSecret(model),
        files: certificateFiles(`platform/model-${model.name}`),
      },
      this.child(),
    );
    const selector = { "app.kubernetes.io/name": model.name };
    new Deployment(
      name,
      {
        metadata,
        spec: {
          replicas: model.replicas,
          // GPUs for one more than what runs are not there: one goes before the next comes.
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          progressDeadlineSeconds: START_SECONDS + 600,
          selector: { matchLabels: selector },
          template: {
            metadata: { labels, annotations: { [SECRETS_ANNOTATION]: tls.fingerprint } },
            spec: serverPod(args),
          },
        },
      },
      { ...this.child([filled, tls]), customTimeouts: { create: "90m", update: "90m", delete: "10m" } },
    );
    new Service(
      name,
      {
        metadata: { ...metadata, annotations: notAwaited },
        spec: { selector, ports: [{ name: "http", port: MODEL_PORT, targetPort: "http" }] },
      },
      this.child(),
    );
    this.registerOutputs();
  }
}

function serverPod({ model, placement }: VllmArgs): input.core.v1.PodSpec {
  const gpus = gpuResources(model.gpus, model.part);
  const memory = memoryGiB(model);
  return {
    ...restrictedPod,
    ...pinnedTo(placement),
    terminationGracePeriodSeconds: 120,
    containers: [
      {
        ...restrictedContainer,
        name: "vllm",
        image: model.image,
        command: ["vllm", "serve", MODEL_FOLDER],
        args: [
          ...["--served-model-name", model.model],
          ...["--port", String(MODEL_PORT)],
          ...["--ssl-certfile", `${TLS_FOLDER}/tls.crt`, "--ssl-keyfile", `${TLS_FOLDER}/tls.key`],
          ...["--tensor-parallel-size", String(model.gpus)],
          ...["--gpu-memory-utilization", String(MEMORY_SHARE)],
        ],
        env: Object.entries({ ...OFFLINE, ...SCRATCH_FOLDERS }).map(([name, value]) => ({ name, value })),
        ports: [{ name: "http", containerPort: MODEL_PORT }],
        resources: {
          requests: { ...gpus, cpu: String(2 * model.gpus), memory: `${memory}Gi` },
          limits: { ...gpus, memory: `${memory * 2}Gi` },
        },
        startupProbe: healthy({ periodSeconds: 10, failureThreshold: START_SECONDS / 10 }),
        livenessProbe: healthy({ periodSeconds: 10, failureThreshold: 6 }),
        readinessProbe: healthy({ periodSeconds: 5, failureThreshold: 3 }),
        volumeMounts: [
          { name: "model", mountPath: MODEL_FOLDER, subPath: folderOf(model.source.url), readOnly: true },
          { name: "scratch", mountPath: SCRATCH },
          { name: "shm", mountPath: "/dev/shm" },
          { name: "tls", mountPath: TLS_FOLDER, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "model", persistentVolumeClaim: { claimName: model.name, readOnly: true } },
      { name: "scratch", emptyDir: { sizeLimit: "20Gi" } },
      { name: "tls", secret: { secretName: tlsSecret(model), defaultMode: 0o440 } },
      // The processes of one replica pass tensors through it.
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: `${2 * model.gpus}Gi` } },
    ],
  };
}

function tlsSecret({ name }: Pick<ServedModel, "name">): string {
  return `${name}-tls`;
}

/** Weights of another source go into another folder, so that those that are served stay as they are until servers follow. */
function folderOf(url: string): string {
  return createHash("sha256").update(url).digest("hex").slice(0, 12);
}

/** The root is read only, and the user has no entry in the image. */
const SCRATCH_FOLDERS: Readonly<Record<string, string>> = {
  HOME: SCRATCH,
  USER: "vllm",
  XDG_CACHE_HOME: `${SCRATCH}/cache`,
  VLLM_CACHE_ROOT: `${SCRATCH}/vllm`,
  TRITON_CACHE_DIR: `${SCRATCH}/triton`,
  TORCHINDUCTOR_CACHE_DIR: `${SCRATCH}/inductor`,
};

function healthy(pace: { periodSeconds: number; failureThreshold: number }): input.core.v1.Probe {
  return { httpGet: { path: "/health", port: "http", scheme: "HTTPS" }, timeoutSeconds: 5, ...pace };
}
