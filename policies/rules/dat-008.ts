import { z } from "zod";
import { type Fields, isSet } from "../known.ts";
import type { ResourceRule } from "../rule.ts";

const storageClass = z.object({ provisioner: z.string(), reclaimPolicy: z.string().default("Delete") });
const aws = z.object({ encrypted: z.boolean().optional() });
const alibaba = z.object({ encryptType: z.number().optional() });

/** Disks by their driver: the parameter that encrypts them, and its value. The key is `kmsKeyId` with all of them. */
const DISKS: Readonly<Record<string, readonly [parameter: string, value: string]>> = {
  "ebs.csi.aws.com": ["encrypted", "true"],
  "diskplugin.csi.alibabacloud.com": ["encrypted", "true"],
  "com.tencent.cloud.csi.cbs": ["encrypt", "ENCRYPT"],
};

/** Drivers of volumes in a file system that is planned, and looked at, itself. */
const IN_FILE_SYSTEM = ["efs.csi.aws.com", "nasplugin.csi.alibabacloud.com"];

/**
 * A disk that is given back is somebody else's next. And a claim is deleted more easily than a tenant's data may be: the
 * volume stays until whoever is responsible removes it.
 */
export const dat008: ResourceRule = {
  id: "DAT-008",
  on: {
    "kubernetes:storage.k8s.io/v1:StorageClass": function* (props) {
      const { provisioner, reclaimPolicy } = storageClass.parse(props);
      if (reclaimPolicy !== "Retain") yield `reclaimPolicy is ${reclaimPolicy}`;
      const [parameter, value] = DISKS[provisioner] ?? [];
      const parameters = (props["parameters"] ?? {}) as Fields;
      if (parameter !== undefined) {
        if (parameters[parameter] !== value) yield `parameters.${parameter} is not ${value}`;
        if (!isSet(parameters, "kmsKeyId")) yield "parameters.kmsKeyId is missing";
      } else if (!IN_FILE_SYSTEM.includes(provisioner)) yield `nothing shows that ${provisioner} encrypts volumes`;
    },
    "aws:efs/fileSystem:FileSystem": function* (props) {
      if (aws.parse(props).encrypted !== true) yield "encrypted is not true";
      if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
    },
    "alicloud:nas/fileSystem:FileSystem": function* (props) {
      // 1 is a key of the service's own.
      if (alibaba.parse(props).encryptType !== 2) yield "encryptType is not 2";
      if (!isSet(props, "kmsKeyId")) yield "kmsKeyId is missing";
    },
  },
};
