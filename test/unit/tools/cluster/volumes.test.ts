import { expect, test } from "vitest";
import { type Claim, isOwnFolder, type Volume, volumeActions, volumeFor } from "../../../../tools/cluster/volumes.ts";

const uid = "27a6d07e-66c8-4d25-8441-ddf8e2094aa4";
const claim: Claim = {
  metadata: {
    name: "data",
    namespace: "tenant-a",
    uid,
    annotations: { "volume.kubernetes.io/storage-provisioner": "breakwater.dev/local" },
  },
  spec: { storageClassName: "local", accessModes: ["ReadWriteMany"], resources: { requests: { storage: "2Gi" } } },
};
const volume: Volume = {
  metadata: { name: `pvc-${uid}`, annotations: { "pv.kubernetes.io/provisioned-by": "breakwater.dev/local" } },
  spec: { local: { path: `/volumes/pvc-${uid}` }, persistentVolumeReclaimPolicy: "Delete" },
  status: { phase: "Released" },
};
const kinds = (claims: readonly Claim[], volumes: readonly Volume[]): readonly string[] =>
  volumeActions(claims, volumes).map(({ kind }) => kind);

test("a claim that waits for us gets a volume", () => {
  expect(kinds([claim], [])).toEqual(["provision"]);
});

test("a claim of another provisioner, a bound one, one that is being deleted and one whose volume exists get none", () => {
  const { annotations: _, ...plain } = claim.metadata;
  expect(kinds([{ ...claim, metadata: plain }], [])).toEqual([]);
  expect(kinds([{ ...claim, spec: { ...claim.spec, volumeName: "x" } }], [])).toEqual([]);
  expect(kinds([{ ...claim, metadata: { ...claim.metadata, deletionTimestamp: "2026-11-23T00:00:00Z" } }], [])).toEqual(
    [],
  );
  expect(kinds([claim], [{ ...volume, status: { phase: "Available" } }])).toEqual([]);
});

test("a released volume of ours is reclaimed, and nothing else is", () => {
  expect(kinds([], [volume])).toEqual(["reclaim"]);
  expect(kinds([], [{ ...volume, status: { phase: "Bound" } }])).toEqual([]);
  expect(kinds([], [{ ...volume, spec: { ...volume.spec, persistentVolumeReclaimPolicy: "Retain" } }])).toEqual([]);
  expect(kinds([], [{ ...volume, metadata: { name: volume.metadata.name } }])).toEqual([]);
});

test("only a folder that we made may be deleted", () => {
  expect(isOwnFolder(volume, "/volumes")).toBe(true);
  expect(isOwnFolder({ ...volume, spec: { local: { path: "/etc" } } }, "/volumes")).toBe(false);
  const climbing = { metadata: { name: "pvc-../../etc" }, spec: { local: { path: "/etc" } } };
  expect(isOwnFolder(climbing, "/volumes")).toBe(false);
});

test("the volume is of kind local, so that the kubelet applies fsGroup, and bound to this claim alone", () => {
  expect(volumeFor(claim, "/volumes", "breakwater")).toMatchObject({
    spec: {
      local: { path: `/volumes/pvc-${uid}` },
      capacity: { storage: "2Gi" },
      accessModes: ["ReadWriteMany"],
      claimRef: { namespace: "tenant-a", name: "data", uid },
    },
  });
});
