import { z } from "zod";
import { type Fields, isSet } from "../known.ts";
import type { Problems, ResourceRule } from "../rule.ts";

/** Taken as it is: only whether a key is named is looked at, because which one is known after an update. */
const disk = z.custom<Fields>((value) => typeof value === "object" && value !== null);
const launchTemplate = z.object({
  blockDeviceMappings: z.array(z.object({ deviceName: z.string().default("?"), ebs: disk })).default([]),
});
/** Providers write booleans of nested blocks as texts. */
const encrypted = z.object({ encrypted: z.union([z.boolean(), z.string()]).optional() });
const ack = z.object({ systemDiskEncrypted: z.boolean().optional(), dataDisks: z.array(disk).default([]) });
const tke = z.object({ native: z.object({ systemDisk: disk, dataDisks: z.array(disk).default([]) }) });
const tkeDisk = z.object({ encrypt: z.string().optional() });

/** A disk that is taken out, copied or sold on is worth nothing without the company's key. */
export const k8s019: ResourceRule = {
  id: "K8S-019",
  on: {
    *"aws:ec2/launchTemplate:LaunchTemplate"(props) {
      const { blockDeviceMappings } = launchTemplate.parse(props);
      if (blockDeviceMappings.length === 0) yield "no blockDeviceMappings, so that the image says what disks are";
      for (const { deviceName, ebs } of blockDeviceMappings) yield* open(`disk ${deviceName}`, ebs);
    },
    *"alicloud:cs/nodePool:NodePool"(props) {
      const { systemDiskEncrypted, dataDisks } = ack.parse(props);
      if (systemDiskEncrypted !== true) yield "the system disk is not encrypted";
      else if (!isSet(props, "systemDiskKmsKey")) yield "the system disk has no key of the customer";
      for (const [index, data] of dataDisks.entries()) yield* open(`data disk ${index}`, data);
    },
    *"tencentcloud:index/kubernetesNativeNodePool:KubernetesNativeNodePool"(props) {
      const { systemDisk, dataDisks } = tke.parse(props).native;
      for (const [name, one] of [["system disk", systemDisk] as const, ...named(dataDisks)]) {
        if (tkeDisk.parse(one).encrypt !== "ENCRYPT") yield `${name} is not encrypted`;
        else if (!isSet(one, "kmsKeyId")) yield `${name} has no key of the customer`;
      }
    },
  },
};

function named(disks: readonly Fields[]): readonly (readonly [string, Fields])[] {
  return disks.map((one, index) => [`data disk ${index}`, one]);
}

function* open(name: string, one: Fields): Problems {
  if (String(encrypted.parse(one).encrypted) !== "true") yield `${name} is not encrypted`;
  else if (!isSet(one, "kmsKeyId")) yield `${name} has no key of the customer`;
}
