import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import { notAwaited } from "../labels.ts";
import type { Platform } from "../platform.ts";
import { vaultLabels, vaultSelector } from "./labels.ts";
import {
  VAULT_CLUSTER_PORT,
  VAULT_METRICS_PORT,
  VAULT_NAMESPACE,
  VAULT_PEERS,
  VAULT_PORT,
  VAULT_SERVERS,
} from "./names.ts";
import { type ServerPodArgs, serverPod } from "./server-pod.ts";

/** What the servers need. */
export interface ServersArgs extends ServerPodArgs {
  readonly platform: ServerPodArgs["platform"] & Pick<Platform, "storageClass">;
  readonly replicas: number;
  readonly storageGiB: number;
  /** What makes the pods roll: digests of what they read at start. */
  readonly annotations: Readonly<Record<string, Input<string>>>;
}

/** The servers, their names and how many of them may be away at once. @returns what is there once they answer. */
export function servers(name: string, args: ServersArgs, opts: CustomResourceOptions): Resource {
  const labels = vaultLabels("vault");
  const ports = [{ name: "https", port: VAULT_PORT, targetPort: "https" }];
  const service = new Service(
    name,
    {
      metadata: { name: VAULT_SERVERS, namespace: VAULT_NAMESPACE, labels, annotations: notAwaited },
      spec: { selector: vaultSelector("vault"), ports },
    },
    opts,
  );
  const peers = new Service(
    `${name}-peers`,
    {
      metadata: { name: VAULT_PEERS, namespace: VAULT_NAMESPACE, labels, annotations: notAwaited },
      spec: {
        clusterIP: "None",
        // They find one another before any of them is ready.
        publishNotReadyAddresses: true,
        selector: vaultSelector("vault"),
        ports: [
          ...ports,
          { name: "raft", port: VAULT_CLUSTER_PORT, targetPort: "raft" },
          { name: "metrics", port: VAULT_METRICS_PORT, targetPort: "metrics" },
        ],
      },
    },
    opts,
  );
  const budget = new PodDisruptionBudget(
    name,
    {
      metadata: { name: VAULT_SERVERS, namespace: VAULT_NAMESPACE, labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: vaultSelector("vault") } },
    },
    opts,
  );
  return new StatefulSet(
    name,
    {
      metadata: {
        name: VAULT_SERVERS,
        namespace: VAULT_NAMESPACE,
        labels,
        annotations: args.openedByPeople ? notAwaited : {},
      },
      spec: {
        replicas: args.replicas,
        serviceName: VAULT_PEERS,
        // All at once: the first one asks the others before it begins a vault.
        podManagementPolicy: "Parallel",
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        selector: { matchLabels: vaultSelector("vault") },
        template: { metadata: { labels, annotations: { ...args.annotations } }, spec: serverPod(args) },
        volumeClaimTemplates: [
          {
            metadata: { name: "data", labels: vaultSelector("vault") },
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: args.platform.storageClass,
              resources: { requests: { storage: `${args.storageGiB}Gi` } },
            },
          },
        ],
      },
    },
    {
      ...opts,
      dependsOn: [...[opts.dependsOn ?? []].flat(), service, peers, budget] as Resource[],
      protect: true,
      retainOnDelete: true,
    },
  );
}
