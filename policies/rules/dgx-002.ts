import { z } from "zod";
import { isInside, outsideHosts, registryOf } from "../net-hosts.ts";
import type { Problems, ResourceRule } from "../rule.ts";

const release = z.object({
  chart: z.string(),
  version: z.string().optional(),
  repositoryOpts: z.object({ repo: z.string().optional() }).optional(),
});
const withValues = z.object({ values: z.record(z.string(), z.unknown()).optional() });
const component = z.object({
  enabled: z.boolean().optional(),
  repository: z.string().optional(),
  image: z.object({ repository: z.string().optional() }).optional(),
});
const nim = z.object({ spec: z.object({ image: z.object({ repository: z.string(), tag: z.string().optional() }) }) });
const cache = z.object({
  spec: z.object({ source: z.object({ ngc: z.object({ modelPuller: z.string() }).optional() }) }),
});
const adapters = z.object({ spec: z.record(z.string(), z.unknown()) });
const adapter = z.object({ repository: z.string(), version: z.string() });

const EXACT = /^v?\d+\.\d+\.\d+([-+][\w.+-]+)?$/;
const DIGEST = /@sha256:[0-9a-f]{64}$/;
const HOST = /^(?:oci|https):\/\/([^/:]+)/;

/** Parts of the GPU operator whose images come from nvcr.io or registry.k8s.io unless told otherwise (from memory of its chart, unverified). */
const PARTS = ["operator", "validator", "driver", "toolkit", "devicePlugin", "gfd", "dcgmExporter", "migManager"];
const NESTED_PARTS = ["node-feature-discovery"];

/**
 * Drivers and operators run with every right on the machines with the GPUs. They come from the company's mirror in an exact
 * version, so that nobody outside decides what runs there. Images that a chart names by itself are not in a plan: the
 * admission policy of the cluster refuses those of other registries.
 */
export const dgx002: ResourceRule = {
  id: "DGX-002",
  applies: ({ topology }) => topology === "dgx",
  on: {
    "kubernetes:helm.sh/v3:Release": function* (props) {
      const { chart, version = "missing", repositoryOpts } = release.parse(props);
      if (!EXACT.test(version)) yield `version is ${version}`;
      const host = HOST.exec(repositoryOpts?.repo ?? chart)?.[1];
      if (host === undefined || !isInside(host)) yield `the chart ${chart} is not from a mirror`;
      const { values = {} } = withValues.parse(props);
      if (/(^|\/)gpu-operator$/.test(chart)) yield* unmirrored(values);
      for (const outside of outsideHosts(values)) yield `values name ${outside}`;
    },
    "kubernetes:apps.nvidia.com/v1alpha1:NIMService": function* (props) {
      const { repository, tag } = nim.parse(props).spec.image;
      // The operator joins both with a colon, which is how a digest is written there.
      yield* pinned(tag === undefined ? repository : `${repository}:${tag}`);
    },
    "kubernetes:apps.nvidia.com/v1alpha1:NIMCache": function* (props) {
      const { ngc } = cache.parse(props).spec.source;
      if (ngc !== undefined) yield* pinned(ngc.modelPuller);
    },
    "kubernetes:mellanox.com/v1alpha1:NicClusterPolicy": function* (props) {
      for (const [name, raw] of Object.entries(adapters.parse(props).spec)) {
        const { success, data } = adapter.safeParse(raw);
        if (!success) continue;
        if (!isInside(registryOf(`${data.repository}/image`))) yield `${name} is from ${data.repository}`;
        if (data.version === "latest") yield `${name} has the version latest`;
      }
    },
  },
};

function* unmirrored(values: Readonly<Record<string, unknown>>): Problems {
  for (const part of [...PARTS, ...NESTED_PARTS]) {
    const { enabled, repository, image } = component.parse(values[part] ?? {});
    if (enabled !== false && repository === undefined && image?.repository === undefined)
      yield `${part}.repository is not overridden`;
  }
}

function* pinned(image: string): Problems {
  if (!DIGEST.test(image)) yield `the image ${image} is not named by digest`;
  if (!isInside(registryOf(image))) yield `the image ${image} is not from a mirror`;
}
