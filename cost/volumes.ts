import { z } from "zod";
import { free, type MeterContext, unpriced, type Volume } from "./meter.ts";
import type { CostedResource } from "./resource.ts";

const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";

const storageClass = z.object({
  metadata: z.object({ name: z.string() }),
  provisioner: z.string(),
  parameters: z.record(z.string(), z.unknown()).default({}),
});

const text = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : "");

/** By provisioner: what the space of its volumes is taken of, from the parameters of the class. */
const PROVISIONERS: Readonly<Record<string, (parameters: Readonly<Record<string, unknown>>) => Volume>> = {
  "ebs.csi.aws.com": ({ type }) => ({ category: "storage", what: "volumes", sku: `ebs.${text(type)}` }),
  "efs.csi.aws.com": () => ({ category: "storage", what: "shared files", sku: "efs.standard" }),
  "diskplugin.csi.alibabacloud.com": ({ performanceLevel }) => ({
    ...{ category: "storage", what: "volumes" },
    sku: `essd.${text(performanceLevel)}`,
  }),
  "nasplugin.csi.alibabacloud.com": () => free("counted with the NAS file system, which is unpriced"),
  "com.tencent.cloud.csi.cbs": ({ diskType }) => ({
    ...{ category: "storage", what: "volumes" },
    sku: `cbs.${text(diskType)}`,
  }),
  "com.tencent.cloud.csi.cfs": () => unpriced("storage", "shared files in CFS", "the price book has no price for it"),
};

const OWN = free("on storage that the company has");

/** What each StorageClass of a plan takes its space of; without a cloud it is the company's own. */
export function volumesOf(resources: readonly CostedResource[], provider: string): MeterContext["volume"] {
  const classes = new Map<string, Volume>();
  for (const resource of resources) {
    if (resource.type !== STORAGE_CLASS) continue;
    const found = storageClass.safeParse(resource.inputs);
    if (!found.success) continue;
    const { metadata, provisioner, parameters } = found.data;
    const volume = PROVISIONERS[provisioner]?.(parameters);
    if (volume !== undefined) classes.set(metadata.name, volume);
  }
  return (name) =>
    classes.get(name) ??
    (provider === ""
      ? OWN
      : unpriced("storage", `volumes of class ${name}`, "the plan does not say what they are taken of"));
}
