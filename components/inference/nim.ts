import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { Placement } from "../platform.ts";
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

/** What a model served by NVIDIA NIM needs. */
export interface NimArgs {
  readonly model: ServedModel;
  readonly placement: Placement;
  /** StorageClass that several replicas can read from. */
  readonly storageClass: string;
  /** Secret with NGC_API_KEY, where the weights come from NVIDIA; nothing from a mirror asks for a key. */
  readonly authSecret: string | undefined;
}

const API_VERSION = "apps.nvidia.com/v1alpha1";

/**
 * A model served by NVIDIA NIM through its operator: weights are fetched once into a volume, then served from there.
 * Needs NIM Operator 3.1.3 or later, where the key of NVIDIA's registry is optional (release notes, read 2026-11-24).
 *
 * Children: NIMCache, NIMService; the operator makes Job, PersistentVolumeClaim, Deployment and Service of them.
 * Cost: GPUs, and a licence of NVIDIA AI Enterprise in production.
 */
export class NimModel extends Component {
  constructor(name: string, args: NimArgs, opts?: ComponentResourceOptions) {
    super("breakwater:inference:NimModel", name, opts);
    const { model } = args;
    const metadata = { name: model.name, namespace: INFERENCE_NAMESPACE, labels: modelLabels(model.name) };
    const cache = new CustomResource(
      name,
      { apiVersion: API_VERSION, kind: "NIMCache", metadata, spec: cacheSpec(args) },
      this.child(),
    );
    this.#service(name, args, cache, metadata);
    this.registerOutputs();
  }

  #service(name: string, args: NimArgs, cache: Resource, metadata: object): void {
    new CustomResource(
      `${name}-service`,
      { apiVersion: API_VERSION, kind: "NIMService", metadata, spec: serviceSpec(args) },
      this.child([cache]),
    );
  }
}

function cacheSpec({ model, placement, storageClass, authSecret }: NimArgs) {
  const { source } = model;
  const override = source.kind === "mirror" ? [{ name: "NIM_REPOSITORY_OVERRIDE", value: source.url }] : [];
  return {
    env: [...override, { name: "DO_NOT_TRACK", value: "1" }],
    source: {
      ngc: {
        modelPuller: model.image,
        ...(authSecret === undefined ? {} : { authSecret }),
        model: { precision: model.precision, tensorParallelism: String(model.gpus) },
      },
    },
    storage: {
      pvc: {
        create: true,
        storageClass,
        size: `${volumeGiB(model)}Gi`,
        volumeAccessMode: "ReadWriteMany",
      },
    },
    ...onNodes(placement),
  };
}

function serviceSpec({ model, placement, authSecret }: NimArgs) {
  const gpus = gpuResources(model.gpus, model.part);
  const memory = `${memoryGiB(model)}Gi`;
  return {
    image: { ...byDigest(model.image), pullPolicy: "IfNotPresent" },
    ...(authSecret === undefined ? {} : { authSecret }),
    env: Object.entries(OFFLINE).map(([key, value]) => ({ name: key, value })),
    labels: modelLabels(model.name),
    storage: { nimCache: { name: model.name } },
    replicas: model.replicas,
    resources: { requests: { ...gpus, memory }, limits: { ...gpus, memory: `${memoryGiB(model) * 2}Gi` } },
    expose: { service: { type: "ClusterIP", port: MODEL_PORT } },
    ...onNodes(placement),
  };
}

function onNodes({ nodeSelector, tolerations }: Placement) {
  return {
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
  };
}

/**
 * The operator knows repository and tag only and joins them with a colon: split at the last one, `name@sha256` and the
 * digest become the reference by digest again.
 */
function byDigest(reference: string): { readonly repository: string; readonly tag: string } {
  const colon = reference.lastIndexOf(":");
  return { repository: reference.slice(0, colon), tag: reference.slice(colon + 1) };
}
