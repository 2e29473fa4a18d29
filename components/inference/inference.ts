import { LimitRange } from "@pulumi/kubernetes/core/v1/limitRange.js";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import { ResourceQuota } from "@pulumi/kubernetes/core/v1/resourceQuota.js";
import type { ComponentResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { restrictedNamespaceLabels } from "../agents/pod-security.ts";
import { defaultDeny, type Way } from "../agents/reach.ts";
import { Component } from "../component.ts";
import type { Placement, Platform } from "../platform.ts";
import { GPU_LABEL } from "../pools.ts";
import { NimModel } from "./nim.ts";
import { INFERENCE_NAMESPACE, type ServedModel } from "./served-model.ts";
import { gpuResources } from "./sharing.ts";
import { VllmModel } from "./vllm.ts";
import { mirrorWays, onlyTheRouter } from "./walls.ts";

/** The models that an environment serves itself. */
export interface InferenceArgs {
  readonly platform: Pick<Platform, "placement" | "sharedStorageClass" | "dns" | "secretFiles">;
  /** Unique by name. */
  readonly models: readonly ServedModel[];
  /** What pods that fetch weights may reach, beside DNS. */
  readonly mirrors: readonly Way[];
}

const NGC_SECRET = "ngc-api-secret";

/**
 * Model servers on GPUs of the environment's own, behind the model router and nothing else: in a namespace that lets the
 * router in on one port and lets nothing out; weights come from NVIDIA's registry or from a mirror, in pods of their own.
 *
 * Children: Namespace, ResourceQuota, LimitRange, three NetworkPolicies, the Secret with the registry's key where one is
 * needed, and one {@link NimModel} or {@link VllmModel} a model. Cost: GPUs.
 */
export class Inference extends Component {
  constructor(name: string, args: InferenceArgs, opts?: ComponentResourceOptions) {
    super("breakwater:inference:Inference", name, opts);
    const labels = { "app.kubernetes.io/part-of": "breakwater" };
    const space = new Namespace(
      name,
      { metadata: { name: INFERENCE_NAMESPACE, labels: { ...labels, ...podSecurity(args.models) } } },
      this.child(),
    );
    const quota = new ResourceQuota(
      name,
      { metadata: { name: "inference", namespace: INFERENCE_NAMESPACE, labels }, spec: { hard: quotaOf(args.models) } },
      this.child(space),
    );
    const limits = new LimitRange(
      name,
      {
        metadata: { name: "inference", namespace: INFERENCE_NAMESPACE, labels },
        spec: { limits: [containerDefaults] },
      },
      this.child(space),
    );
    const walls = [
      defaultDeny(name, INFERENCE_NAMESPACE, this.child(space)),
      onlyTheRouter(`${name}-servers`, this.child(space)),
      mirrorWays(`${name}-mirrors`, { dns: args.platform.dns, ways: args.mirrors }, this.child(space)),
    ];
    const behind: Resource[] = [space, quota, limits, ...walls, ...this.#key(name, args, space)];
    for (const model of args.models) this.#serve(model, args.platform, behind);
    this.registerOutputs();
  }

  /** The key of NVIDIA's registry, only where weights come from it. */
  #key(name: string, { platform, models }: InferenceArgs, space: Resource): Resource[] {
    if (!models.some(({ source }) => source.kind === "ngc")) return [];
    const files = { NGC_API_KEY: "NGC_API_KEY" };
    return [
      platform.secretFiles(
        `${name}-ngc`,
        { namespace: INFERENCE_NAMESPACE, name: NGC_SECRET, files },
        this.child(space),
      ),
    ];
  }

  #serve(model: ServedModel, platform: InferenceArgs["platform"], behind: Resource[]): void {
    const { source } = model;
    const opts = { parent: this, dependsOn: behind };
    const shared = {
      placement: onGpu(platform.placement("gpu"), model),
      storageClass: platform.sharedStorageClass,
    };
    if (model.engine === "nim") {
      new NimModel(
        `model-${model.name}`,
        { ...shared, model, authSecret: source.kind === "ngc" ? NGC_SECRET : undefined },
        opts,
      );
      return;
    }
    if (source.kind === "ngc") throw new Error(`${model.name}: vLLM has no weights in NVIDIA's registry`);
    new VllmModel(
      `model-${model.name}`,
      {
        ...shared,
        model: { ...model, source },
        mirrorPlacement: platform.placement("agents"),
        secretFiles: (...of) => platform.secretFiles(...of),
      },
      opts,
    );
  }
}

/** Nodes of the GPU pools with the kind that the model was sized for. */
function onGpu({ nodeSelector, tolerations }: Placement, { gpu }: ServedModel): Placement {
  return {
    nodeSelector: { ...nodeSelector, [GPU_LABEL]: gpu },
    ...(tolerations === undefined ? {} : { tolerations }),
  };
}

/**
 * Pods of the NIM operator leave out fields that `restricted` demands of containers (NVIDIA/NeMo-Retriever pull request
 * 2690 says so of operator 3.1.2, read 2026-11-24): with one of them the namespace refuses what `baseline` refuses, and
 * warns of the rest.
 */
function podSecurity(models: readonly ServedModel[]): Record<string, string> {
  const nim = models.some(({ engine }) => engine === "nim");
  return { ...restrictedNamespaceLabels, ...(nim ? { "pod-security.kubernetes.io/enforce": "baseline" } : {}) };
}

/** What a container that forgets to say gets. */
const containerDefaults = {
  type: "Container",
  default: { memory: "1Gi" },
  defaultRequest: { cpu: "10m", memory: "128Mi" },
};

/** The GPUs that the models were sized for and no more; a NIM that is updated runs beside its successor for a while. */
function quotaOf(models: readonly ServedModel[]): Record<string, string> {
  const gpus = new Map<string, number>();
  for (const model of models) {
    const pods = model.replicas + (model.engine === "nim" ? Math.ceil(model.replicas / 4) : 0);
    for (const [resource, count] of Object.entries(gpuResources(model.gpus, model.part))) {
      gpus.set(resource, (gpus.get(resource) ?? 0) + Number(count) * pods);
    }
  }
  const entries = [...gpus].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...Object.fromEntries(entries.map(([resource, count]) => [`requests.${resource}`, String(count)])),
    "services.nodeports": "0",
    "services.loadbalancers": "0",
  };
}
