import type { TOPOLOGIES } from "@breakwater/runtime/settings";

type Topology = (typeof TOPOLOGIES)[number];

/**
 * Every wall, lock and record that a plan can show: what holds where it is present. A topology has each of them, or a
 * reason in {@link GAPS}.
 *
 * Checked by: test/unit/stacks/environments.test.ts, which looks for each of them in the recorded plan of every environment.
 */
export const CONTROLS = {
  "pods/default-deny": "namespaces in which nothing talks to anything that is not named",
  "pods/restricted": "pods without root, without privileges and without a writable file system",
  "sandbox/own-kernel": "a kernel of its own between a sandbox and the node",
  "sandbox/own-nodes": "nodes that only sandboxes run on",
  "gpu/own-nodes": "GPU nodes that only models run on",
  "cluster/private-api": "an API server that no address of the internet reaches",
  "cluster/secrets-encrypted": "Kubernetes Secrets encrypted with the company's key",
  "cluster/audit-log": "the API server's audit log, kept outside the cluster",
  "cluster/network-policy": "a network plugin that is told to enforce NetworkPolicies",
  "nodes/metadata-guarded": "a metadata service that answers with a session token only",
  "nodes/disks-encrypted": "disks of nodes encrypted with the company's key",
  "network/flow-logs": "a record of every connection of the network",
  "network/egress-filter": "one way out, for the host names of the settings alone",
  "database/private": "a database that has no address of the internet",
  "database/encrypted": "a database encrypted with the company's key",
  "database/tls-only": "a database that refuses connections without TLS",
  "database/delete-protected": "a database that cannot be deleted by a mistake",
  "database/backups": "backups of the database, kept for the days of the settings",
  "audit/object-lock": "an audit archive in which nothing can be changed or deleted before its time",
  "backup/locked": "backups that nobody can delete before their time",
  "keys/rotated": "a key of the company's own that is renewed every year",
  "registry/immutable": "image tags that cannot be moved to another image",
  "registry/scanned": "images that are scanned for known holes",
  "entry/tls-floor": "an entry that takes TLS 1.2 at least",
  "entry/firewall": "a web application firewall before an entry that is public",
  "cloud/trail": "a record of every call to the cloud's own API",
} as const satisfies Readonly<Record<string, string>>;

export type ControlId = keyof typeof CONTROLS;

const ONE_MACHINE = "one machine, without a cloud's service for it";
const COMPANYS_CLUSTER =
  "the cluster, its nodes and its disks are the company's own, and Breakwater cannot set this up from inside";
const NO_SERVICE = "there is no cloud service for it, and Breakwater brings none";

const inGroup = (ids: readonly ControlId[], because: string) =>
  Object.fromEntries(ids.map((id) => [id, because])) as Partial<Record<ControlId, string>>;

/** What a topology does not have, and why. Its plans say so. */
export const GAPS: Readonly<Record<Topology, Readonly<Partial<Record<ControlId, string>>>>> = {
  local: {
    "cluster/private-api":
      "the API server listens on the machine's own bridge, which its firewall guards and the plan does not show",
    ...inGroup(
      [
        "sandbox/own-nodes",
        "gpu/own-nodes",
        "cluster/secrets-encrypted",
        "cluster/audit-log",
        "cluster/network-policy",
        "nodes/metadata-guarded",
        "nodes/disks-encrypted",
        "network/flow-logs",
        "network/egress-filter",
        "database/encrypted",
        "database/delete-protected",
        "database/backups",
        "audit/object-lock",
        "backup/locked",
        "keys/rotated",
        "registry/immutable",
        "registry/scanned",
        "entry/tls-floor",
        "cloud/trail",
      ],
      ONE_MACHINE,
    ),
  },
  dgx: {
    ...inGroup(
      [
        "cluster/private-api",
        "cluster/secrets-encrypted",
        "cluster/audit-log",
        "cluster/network-policy",
        "nodes/metadata-guarded",
        "nodes/disks-encrypted",
        "network/flow-logs",
        "database/encrypted",
        "keys/rotated",
        "registry/immutable",
        "registry/scanned",
      ],
      COMPANYS_CLUSTER,
    ),
    ...inGroup(["audit/object-lock", "backup/locked", "database/delete-protected", "cloud/trail"], NO_SERVICE),
    "network/egress-filter":
      "what leaves the company's network is for its own firewall to say; NetworkPolicies hold the pods",
    "entry/tls-floor": "MetalLB hands out an address and ends no TLS: a proxy of the company's own belongs before it",
  },
  aws: {},
  alibaba: {
    "nodes/metadata-guarded":
      "the vault's seal asks the metadata service without a token, so that the nodes of pool system answer without one",
  },
  tencent: {
    "nodes/metadata-guarded": "the provider's node pool has no setting for it; NetworkPolicies keep pods from it",
    "database/tls-only":
      "the provider has no setting that refuses plain connections: TLS is on, and both services use nothing else",
    "backup/locked": "the provider has no lock for snapshots and for backups of the database",
  },
};

/** A control that a topology does not have. */
export interface Gap {
  readonly id: ControlId;
  readonly says: string;
  readonly because: string;
}

/** What a topology does not have, in the words of its plan. */
export function gapsOf(topology: Topology): readonly Gap[] {
  const gaps = GAPS[topology];
  return (Object.keys(CONTROLS) as ControlId[]).flatMap((id) => {
    const because = gaps[id];
    return because === undefined ? [] : [{ id, says: CONTROLS[id], because }];
  });
}
