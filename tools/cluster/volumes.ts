import { join } from "node:path";
import { provisionerName } from "./node/objects.ts";

/** What the provisioner reads of a PersistentVolumeClaim. */
export interface Claim {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly accessModes?: readonly string[];
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}

/** What it reads of a PersistentVolume. */
export interface Volume {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: {
    readonly local?: { readonly path: string };
    readonly persistentVolumeReclaimPolicy?: string;
  };
  readonly status?: { readonly phase?: string };
}

export type VolumeAction =
  | { readonly kind: "provision"; readonly claim: Claim }
  | { readonly kind: "reclaim"; readonly volume: Volume };

/** The controller's mark on a claim that waits for an external provisioner; with late binding only once a pod needs it. */
const provisionerAnnotation = "volume.kubernetes.io/storage-provisioner";
export const provisionedBy = "pv.kubernetes.io/provisioned-by";

export function volumeName(claim: Claim): string {
  return `pvc-${claim.metadata.uid}`;
}

/** What is to be done so that claims have volumes and released volumes go. */
export function volumeActions(claims: readonly Claim[], volumes: readonly Volume[]): readonly VolumeAction[] {
  const names = new Set(volumes.map(({ metadata }) => metadata.name));
  const provision = claims
    .filter(({ metadata, spec }) => {
      const ours = metadata.annotations?.[provisionerAnnotation] === provisionerName;
      return ours && !spec.volumeName && metadata.deletionTimestamp === undefined && spec.volumeMode !== "Block";
    })
    .filter((claim) => !names.has(volumeName(claim)))
    .map((claim) => ({ kind: "provision", claim }) as const);
  const reclaim = volumes
    .filter(({ metadata, spec, status }) => {
      const ours = metadata.annotations?.[provisionedBy] === provisionerName;
      return ours && status?.phase === "Released" && spec.persistentVolumeReclaimPolicy === "Delete";
    })
    .map((volume) => ({ kind: "reclaim", volume }) as const);
  return [...provision, ...reclaim];
}

/**
 * The volume for a claim: a `local` one, because the kubelet applies a pod's fsGroup to it and not to a hostPath. The size
 * is what was asked for; nothing on the disk enforces it.
 */
export function volumeFor(claim: Claim, folder: string, node: string): unknown {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volumeName(claim), annotations: { [provisionedBy]: provisionerName } },
    spec: {
      capacity: { storage: claim.spec.resources?.requests?.storage ?? "1Gi" },
      accessModes: claim.spec.accessModes ?? ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Delete",
      storageClassName: claim.spec.storageClassName,
      volumeMode: "Filesystem",
      local: { path: join(folder, volumeName(claim)) },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid, resourceVersion },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [node] }] },
          ],
        },
      },
    },
  };
}

/** Whether a volume's folder is one that the provisioner made, and so may delete. */
export function isOwnFolder(volume: Volume, folder: string): boolean {
  return (
    /^pvc-[0-9a-f-]{36}$/.test(volume.metadata.name) && volume.spec.local?.path === join(folder, volume.metadata.name)
  );
}
