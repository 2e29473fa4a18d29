import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import { interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { notAwaited, objectLabels, selectorLabels } from "../labels.ts";
import { CELL_AGENT_PORT, CELL_PORT, ROUTER_PORT, SANDBOX_SSH_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { authorityFile, certificateFiles } from "../transport.ts";
import { pinnedTo } from "./pinned.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { probe } from "./probe.ts";
import { dnsWay, onlyWays, platformPeer, tenantPeer } from "./reach.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

/** The OpenClaw gateway of one tenant. */
export interface CellArgs {
  readonly platform: Platform;
  readonly tenantId: string;
  readonly namespace: string;
  /** OpenClaw's own configuration, rendered by the runtime that it configures. */
  readonly openclawConfig: unknown;
  /** Settings of the cell agent. */
  readonly agentSettings: unknown;
  /** Memory limit in MiB. Below 1536 OpenClaw is killed under parallel first turns (measured 2026-11-23). */
  readonly memoryMiB: number;
  readonly cpuRequestMillicores: number;
  /** Size of the volume that holds sessions and memory, in GiB. */
  readonly storageGiB: number;
}

/**
 * OpenClaw lets running turns finish before it exits: at most 315 s of draining, 325 s in all (measured 2026-11-23);
 * the rest is room for the volume to be released.
 */
const GRACE_SECONDS = 340;

/** Memory limit of the cell agent, in MiB; it takes about 60. */
export const CELL_AGENT_MIB = 256;

/** Folder of the state volume that is the cell agent's alone. */
const AGENT_FOLDER = "cell-agent";

const SECRETS = ["gateway-token", "router-key", "ssh-key", "known_hosts"] as const;

/**
 * One real OpenClaw gateway, single writer of its volume: exactly one pod. It knows the model router, its own sandbox
 * and nothing else; it holds no provider key.
 *
 * Children: Secret (through the platform), ConfigMap, NetworkPolicy, StatefulSet of one, Service.
 */
export class Cell extends Component {
  constructor(name: string, args: CellArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Cell", name, opts);
    const { platform, tenantId, namespace } = args;
    const labels = objectLabels("cell", tenantId);
    const logicalName = `${name}-cell`;

    const secrets = platform.secretFiles(
      logicalName,
      {
        namespace,
        name: "cell-secrets",
        files: {
          ...Object.fromEntries(SECRETS.map((file) => [file, `tenants/${tenantId}/${file}`])),
          ...certificateFiles(`tenants/${tenantId}/cell`),
          ...authorityFile,
        },
      },
      this.child(),
    );
    const settings = new SettingsFile(
      logicalName,
      {
        namespace,
        name: "cell-settings",
        labels,
        files: { "base.json": args.openclawConfig, "agent.json": args.agentSettings },
      },
      this.child(),
    );
    const walls = onlyWays(
      logicalName,
      {
        namespace,
        part: "cell",
        tenantId,
        from: [
          { peers: [platformPeer("front-door")], port: CELL_PORT },
          { peers: [platformPeer("front-door")], port: CELL_AGENT_PORT },
        ],
        to: [
          { peers: [platformPeer("router")], port: ROUTER_PORT },
          { peers: [tenantPeer("sandbox", tenantId)], port: SANDBOX_SSH_PORT },
          dnsWay(platform.dns),
        ],
      },
      this.child(),
    );
    const service = new Service(
      logicalName,
      {
        metadata: { name: "cell", namespace, labels, annotations: notAwaited },
        spec: {
          selector: selectorLabels("cell", tenantId),
          ports: [
            { name: "http", port: CELL_PORT, targetPort: "http" },
            { name: "agent", port: CELL_AGENT_PORT, targetPort: "agent" },
          ],
        },
      },
      this.child(),
    );
    new StatefulSet(
      logicalName,
      {
        metadata: { name: "cell", namespace, labels },
        spec: {
          replicas: 1,
          // Ordered, a pod that never gets ready would keep the change that mends it from being rolled out.
          podManagementPolicy: "Parallel",
          serviceName: "cell",
          selector: { matchLabels: selectorLabels("cell", tenantId) },
          template: {
            metadata: {
              labels,
              annotations: {
                [SETTINGS_ANNOTATION]: settings.hash,
                [SECRETS_ANNOTATION]: interpolate`${secrets.fingerprint}`,
              },
            },
            spec: cellPod(args, settings.name),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "state" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: platform.storageClass,
                resources: { requests: { storage: `${args.storageGiB}Gi` } },
              },
            },
          ],
        },
      },
      this.child([secrets, settings.configMap, walls, service]),
    );
    this.registerOutputs();
  }
}

function cellPod(args: CellArgs, settingsName: string) {
  const image = args.platform.image("cell");
  return {
    ...restrictedPod,
    ...pinnedTo(args.platform.placement("agents")),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    initContainers: [prepare(image)],
    containers: [openclaw(args, image), agent(args)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: "512Mi" } },
      { name: "settings", configMap: { name: settingsName } },
      { name: "config", emptyDir: { sizeLimit: "8Mi" } },
      { name: "hidden", emptyDir: { sizeLimit: "1Mi" } },
      { name: "secrets", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      { name: "secrets-source", secret: { secretName: "cell-secrets", defaultMode: 0o440 } },
    ],
  };
}

/**
 * OpenClaw refuses secrets behind symlinks or of another owner, which is what a Secret volume is made of. A pod that
 * starts again on the same node finds its old copies there, read-only: they are replaced.
 *
 * The folder of the cell agent is made here, because whoever mounts something over a folder that is not there makes it
 * root's (seen 2026-11-24 with containerd 2.2.0), and then the cell agent cannot write to it.
 */
function prepare(image: ReturnType<Platform["image"]>) {
  return {
    ...restrictedContainer,
    name: "prepare",
    image,
    command: [
      "/bin/sh",
      "-ec",
      `umask 077; mkdir -p /state/${AGENT_FOLDER}; for f in /in/*; do cp -Lf "$f" /out/; chmod 0400 "/out/\${f##*/}"; done`,
    ],
    resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
    volumeMounts: [
      { name: "secrets-source", mountPath: "/in", readOnly: true },
      { name: "secrets", mountPath: "/out" },
      { name: "state", mountPath: "/state" },
    ],
  };
}

function openclaw({ memoryMiB, cpuRequestMillicores }: CellArgs, image: ReturnType<Platform["image"]>) {
  return {
    ...restrictedContainer,
    name: "openclaw",
    image,
    ports: [{ name: "http", containerPort: CELL_PORT }],
    resources: {
      requests: { cpu: `${cpuRequestMillicores}m`, memory: "1Gi" },
      limits: { cpu: "2", memory: `${memoryMiB}Mi` },
    },
    startupProbe: probe("/startupz", "http", { periodSeconds: 1, failureThreshold: 240 }, "HTTPS"),
    livenessProbe: probe("/healthz", "http", { periodSeconds: 10, failureThreshold: 6 }, "HTTPS"),
    readinessProbe: probe("/readyz", "http", { periodSeconds: 2, failureThreshold: 3 }, "HTTPS"),
    volumeMounts: [
      { name: "state", mountPath: "/state" },
      // The agents' list lies on the same volume: OpenClaw and its tools find an empty folder there.
      { name: "hidden", mountPath: `/state/${AGENT_FOLDER}`, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { name: "config", mountPath: "/run/openclaw", readOnly: true },
      { name: "secrets", mountPath: "/run/secrets/cell", readOnly: true },
    ],
  };
}

/**
 * The sidecar that gives OpenClaw its configuration with the tenant's agents in it, ships tool calls to the audit log,
 * and says whether OpenClaw runs with its guard; without it the pod is not ready and gets no request.
 */
function agent({ platform }: CellArgs) {
  return {
    ...restrictedContainer,
    name: "cell-agent",
    image: platform.image("cell-agent"),
    args: ["--settings", "/etc/breakwater/settings.json"],
    ports: [{ name: "agent", containerPort: CELL_AGENT_PORT }],
    resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: `${CELL_AGENT_MIB}Mi` } },
    livenessProbe: probe("/healthz", "agent", { periodSeconds: 10, failureThreshold: 6 }, "HTTPS"),
    readinessProbe: probe("/readyz", "agent", { periodSeconds: 2, failureThreshold: 3 }, "HTTPS"),
    volumeMounts: [
      { name: "settings", mountPath: "/etc/breakwater/settings.json", subPath: "agent.json", readOnly: true },
      { name: "settings", mountPath: "/etc/openclaw/base.json", subPath: "base.json", readOnly: true },
      { name: "config", mountPath: "/run/openclaw" },
      { name: "state", mountPath: "/var/lib/breakwater/cell-agent", subPath: AGENT_FOLDER },
      { name: "state", mountPath: "/var/log/openclaw", subPath: "logs", readOnly: true },
      { name: "secrets", mountPath: "/run/secrets/cell", readOnly: true },
    ],
  };
}
