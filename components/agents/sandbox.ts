import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { notAwaited, objectLabels, selectorLabels } from "../labels.ts";
import { SANDBOX_SSH_PORT } from "../names.ts";
import type { Platform } from "../platform.ts";
import { pinnedTo } from "./pinned.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { onlyWays, tenantPeer } from "./reach.ts";
import { SECRETS_ANNOTATION } from "./settings-file.ts";

/** Where a tenant's agents run commands. */
export interface SandboxArgs {
  readonly platform: Platform;
  readonly tenantId: string;
  readonly namespace: string;
  /** Memory of the sandbox, its files included, in MiB: the pod's limit. */
  readonly memoryMiB: number;
  /** Size of `/workspace`, in MiB; it lives in memory and is gone with the pod. */
  readonly workspaceMiB: number;
  /** CPU time that each process of a command may use, in seconds; the kernel then ends it. @default no limit */
  readonly cpuSecondsMax: number | undefined;
  /** Time by the clock, in seconds, after which a command and all that it started is ended. */
  readonly wallSecondsMax: number;
}

/** Size of `/tmp`, in MiB: scratch space of interpreters, not of work. */
const TMP_MIB = 64;

/**
 * A pod with a kernel of its own (gVisor or Kata), reached by SSH from its tenant's cell and reaching nothing.
 *
 * What a command starts ends with its time (runtime/sandbox/timekeeper), and its files are memory: nothing an agent leaves
 * there outlives the pod. It holds two keys that are worth nothing elsewhere: its own host key, and the public half of its
 * cell's key.
 *
 * Children: Secret (through the platform), NetworkPolicy, Deployment, Service.
 * Checked by: policies/rules/sbx-*.ts, `breakwater verify` (sandbox/...).
 */
export class Sandbox extends Component {
  constructor(name: string, args: SandboxArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:Sandbox", name, opts);
    const { platform, tenantId, namespace } = args;
    const labels = objectLabels("sandbox", tenantId);

    const keys = platform.secretFiles(
      `${name}-sandbox`,
      {
        namespace,
        name: "sandbox-keys",
        files: {
          host: `tenants/${tenantId}/sandbox-host-key`,
          authorized_keys: `tenants/${tenantId}/sandbox-authorized-keys`,
        },
      },
      this.child(),
    );
    const walls = onlyWays(
      `${name}-sandbox`,
      {
        namespace,
        part: "sandbox",
        tenantId,
        from: [{ peers: [tenantPeer("cell", tenantId)], port: SANDBOX_SSH_PORT }],
        to: [],
      },
      this.child(),
    );
    new Deployment(
      `${name}-sandbox`,
      {
        metadata: { name: "sandbox", namespace, labels },
        spec: {
          replicas: 1,
          strategy: { type: "Recreate" },
          selector: { matchLabels: selectorLabels("sandbox", tenantId) },
          template: {
            metadata: {
              labels,
              annotations: {
                [SECRETS_ANNOTATION]: keys.fingerprint,
                ...platform.scratchVolume("workspace", args.workspaceMiB),
                ...platform.scratchVolume("tmp", TMP_MIB),
              },
            },
            spec: sandboxPod(args),
          },
        },
      },
      this.child([keys, walls]),
    );
    new Service(
      `${name}-sandbox`,
      {
        metadata: { name: "sandbox", namespace, labels, annotations: notAwaited },
        spec: {
          selector: selectorLabels("sandbox", tenantId),
          ports: [{ name: "ssh", port: SANDBOX_SSH_PORT, targetPort: "ssh" }],
        },
      },
      this.child(),
    );
    this.registerOutputs();
  }
}

function sandboxPod({ platform, memoryMiB, workspaceMiB, cpuSecondsMax, wallSecondsMax }: SandboxArgs) {
  return {
    ...restrictedPod,
    ...pinnedTo(platform.placement("sandbox")),
    runtimeClassName: platform.sandboxRuntimeClass,
    // No resolver: names are for those who may go somewhere.
    dnsPolicy: "None",
    dnsConfig: { nameservers: ["127.0.0.1"], options: [{ name: "attempts", value: "1" }] },
    terminationGracePeriodSeconds: 5,
    containers: [
      {
        ...restrictedContainer,
        name: "sshd",
        image: platform.image("sandbox"),
        env: [
          ...(cpuSecondsMax === undefined ? [] : [{ name: "MAX_CPU_SECONDS", value: String(cpuSecondsMax) }]),
          { name: "MAX_WALL_SECONDS", value: String(wallSecondsMax) },
        ],
        ports: [{ name: "ssh", containerPort: SANDBOX_SSH_PORT }],
        resources: {
          requests: { cpu: "50m", memory: "64Mi" },
          limits: { cpu: "1", memory: `${memoryMiB}Mi` },
        },
        readinessProbe: { tcpSocket: { port: "ssh" }, periodSeconds: 1 },
        // A command may stop the timekeeper, as it may stop anything of its own user; the kubelet it cannot stop.
        livenessProbe: {
          exec: { command: ["/opt/breakwater/bin/timekeeper", "--check"] },
          periodSeconds: 30,
          timeoutSeconds: 10,
          failureThreshold: 2,
        },
        volumeMounts: [
          { name: "workspace", mountPath: "/workspace" },
          { name: "tmp", mountPath: "/tmp" },
          { name: "keys", mountPath: "/etc/sshd-keys", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "workspace", emptyDir: { medium: "Memory", sizeLimit: `${workspaceMiB}Mi` } },
      { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: `${TMP_MIB}Mi` } },
      { name: "keys", secret: { secretName: "sandbox-keys", defaultMode: 0o400 } },
    ],
  };
}
