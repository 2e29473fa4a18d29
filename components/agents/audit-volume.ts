import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { notAwaited, objectLabels } from "../labels.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import type { MountedVolume } from "./server.ts";

/** Where a service finds its audit volume. */
export const AUDIT_DIRECTORY = "/var/lib/breakwater/audit";

/** Size of an audit volume in GiB: about 10 million records of 500 bytes. */
const AUDIT_GIB = 5;

/** The volume of one service's audit log: each replica appends to files of its own, all replicas read them all. */
export class AuditVolume {
  readonly claim: PersistentVolumeClaim;
  readonly mounted: MountedVolume;

  /** @param claimName name of the claim, never changed: the log is in it. */
  constructor(
    logicalName: string,
    args: { readonly platform: Platform; readonly part: "front-door" | "router"; readonly claimName: string },
    opts: CustomResourceOptions,
  ) {
    this.claim = new PersistentVolumeClaim(
      logicalName,
      {
        metadata: {
          name: args.claimName,
          namespace: PLATFORM_NAMESPACE,
          labels: objectLabels(args.part),
          // Some classes bind when the first pod is scheduled, which comes after it.
          annotations: notAwaited,
        },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: args.platform.sharedStorageClass,
          resources: { requests: { storage: `${AUDIT_GIB}Gi` } },
        },
      },
      opts,
    );
    this.mounted = {
      volume: { name: "audit", persistentVolumeClaim: { claimName: args.claimName } },
      mountPath: AUDIT_DIRECTORY,
      readOnly: false,
    };
  }
}
