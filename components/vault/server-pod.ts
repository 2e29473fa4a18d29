import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input } from "@pulumi/pulumi/output.js";
import { pinnedTo } from "../agents/pinned.ts";
import { restrictedContainer, restrictedPod } from "../agents/pod-security.ts";
import { serviceHost } from "../names.ts";
import type { Platform } from "../platform.ts";
import { vaultSelector } from "./labels.ts";
import {
  ALIVE_PATH,
  CONFIG_FOLDER,
  DATA_FOLDER,
  INITIALIZE_FOLDER,
  READY_PATH,
  SEAL_FOLDER,
  TLS_FOLDER,
  VAULT_CLUSTER_PORT,
  VAULT_METRICS_PORT,
  VAULT_NAMESPACE,
  VAULT_PEERS,
  VAULT_PORT,
  VAULT_SERVERS,
} from "./names.ts";

/** What each server is told. */
export interface ServerPodArgs {
  readonly platform: Pick<Platform, "placement" | "vaultSeal">;
  readonly image: Input<string>;
  /** Whether people open it: then nothing waits for servers that get ready only by them. */
  readonly openedByPeople: boolean;
}

/** Where Kubernetes' own clients look for the pod's identity. */
const KUBERNETES_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Seconds to hand over to another server and to write what is under way. */
const GRACE_SECONDS = 60;

/** The pod of one server; its name and addresses are the only things that differ between them. */
export function serverPod({ platform, image, openedByPeople }: ServerPodArgs): input.core.v1.PodSpec {
  const seal = platform.vaultSeal;
  const own = `$(POD_NAME).${serviceHost(VAULT_PEERS, VAULT_NAMESPACE)}`;
  return {
    ...restrictedPod,
    ...pinnedTo(platform.placement("system")),
    serviceAccountName: VAULT_SERVERS,
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } },
    topologySpreadConstraints: [acrossZones],
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [
      {
        ...restrictedContainer,
        name: "openbao",
        image,
        command: ["/bin/sh", `${CONFIG_FOLDER}/start-vault`],
        env: [
          { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
          { name: "BAO_RAFT_NODE_ID", value: "$(POD_NAME)" },
          { name: "BAO_API_ADDR", value: `https://${own}:${VAULT_PORT}` },
          { name: "BAO_CLUSTER_ADDR", value: `https://${own}:${VAULT_CLUSTER_PORT}` },
          ...Object.entries(seal?.env ?? {}).map(([name, value]) => ({ name, value })),
        ],
        ports: [
          { name: "https", containerPort: VAULT_PORT },
          { name: "raft", containerPort: VAULT_CLUSTER_PORT },
          { name: "metrics", containerPort: VAULT_METRICS_PORT },
        ],
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } },
        // The first server of a new vault waits for the answers of the others.
        startupProbe: asked(ALIVE_PATH, { periodSeconds: 2, failureThreshold: 300 }),
        livenessProbe: asked(ALIVE_PATH, { periodSeconds: 10, failureThreshold: 6 }),
        readinessProbe: asked(READY_PATH, { periodSeconds: 5, failureThreshold: 2 }),
        volumeMounts: [
          { name: "data", mountPath: DATA_FOLDER },
          { name: "config", mountPath: CONFIG_FOLDER, readOnly: true },
          { name: "tls", mountPath: TLS_FOLDER, readOnly: true },
          { name: "kubernetes", mountPath: KUBERNETES_FOLDER, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
          ...(openedByPeople ? [] : [{ name: "initialize", mountPath: INITIALIZE_FOLDER, readOnly: true }]),
          ...(seal?.secretFiles === undefined ? [] : [{ name: "seal", mountPath: SEAL_FOLDER, readOnly: true }]),
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: "vault" } },
      { name: "tls", secret: { secretName: "vault-tls", defaultMode: 0o440 } },
      { name: "kubernetes", projected: { defaultMode: 0o440, sources: [...reviewer] } },
      { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "16Mi" } },
      ...(openedByPeople ? [] : [{ name: "initialize", configMap: { name: "vault-initialize" } }]),
      ...(seal?.secretFiles === undefined
        ? []
        : [{ name: "seal", secret: { secretName: "vault-seal", defaultMode: 0o440 } }]),
    ],
  };
}

/** The servers' own identity at Kubernetes, by which they have tokens reviewed: an hour each, renewed by the node. */
const reviewer: readonly input.core.v1.VolumeProjection[] = [
  { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
];

/** Never two on a node: one node that fails must not take the majority with it. */
const apart: input.core.v1.PodAffinityTerm = {
  labelSelector: { matchLabels: vaultSelector("vault") },
  topologyKey: "kubernetes.io/hostname",
};

const acrossZones: input.core.v1.TopologySpreadConstraint = {
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: vaultSelector("vault") },
};

function asked(path: string, pace: { periodSeconds: number; failureThreshold: number }): input.core.v1.Probe {
  return { httpGet: { path, port: "https", scheme: "HTTPS" }, timeoutSeconds: 5, ...pace };
}
