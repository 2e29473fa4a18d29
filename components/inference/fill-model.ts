import { readFileSync } from "node:fs";
import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { pinnedTo } from "../agents/pinned.ts";
import { restrictedContainer, restrictedPod } from "../agents/pod-security.ts";
import type { Placement } from "../platform.ts";
import { INFERENCE_NAMESPACE, MODEL_MIRROR_APP, modelLabels, type ServedModel } from "./served-model.ts";

/**
 * Fills a model's volume from its mirror with what SHA256SUMS there names, by a Job in the server's own image, which has
 * Python. Returns when every file is there and has its digest.
 */
export function fillModel(
  name: string,
  args: {
    readonly model: ServedModel;
    readonly url: string;
    readonly claimName: string;
    /** Folder of the volume. */
    readonly folder: string;
    readonly placement: Placement;
  },
  opts: CustomResourceOptions,
): Resource {
  const { model, url } = args;
  const metadata = { name: `${model.name}-fill`, namespace: INFERENCE_NAMESPACE, labels: modelLabels(model.name) };
  const script = new ConfigMap(
    `${name}-fill`,
    {
      metadata,
      data: { "fill-model.py": readFileSync(new URL("./fill-model.py", import.meta.url), "utf8") },
    },
    opts,
  );
  return new Job(
    `${name}-fill`,
    {
      metadata,
      spec: {
        backoffLimit: 6,
        template: {
          // Neither label nor annotation makes it a server: the Service selects by the model's name.
          metadata: { labels: { app: MODEL_MIRROR_APP } },
          spec: {
            ...restrictedPod,
            ...pinnedTo(args.placement),
            restartPolicy: "OnFailure",
            containers: [
              {
                ...restrictedContainer,
                name: "fill",
                image: model.image,
                command: ["python3", "/opt/breakwater/fill-model.py", url, `/models/${args.folder}`],
                resources: { requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
                volumeMounts: [
                  { name: "model", mountPath: "/models" },
                  { name: "script", mountPath: "/opt/breakwater", readOnly: true },
                ],
              },
            ],
            volumes: [
              { name: "model", persistentVolumeClaim: { claimName: args.claimName } },
              { name: "script", configMap: { name: metadata.name } },
            ],
          },
        },
      },
    },
    { ...opts, dependsOn: [script], customTimeouts: { create: "6h", update: "6h" } },
  );
}
