import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { notAwaited, objectLabels } from "../labels.ts";
import { CELL_PORT, FRONT_DOOR_PORT, PLATFORM_NAMESPACE } from "../names.ts";
import type { Platform } from "../platform.ts";
import { dnsWay, everyCell, onlyWays } from "./reach.ts";
import { Server } from "./server.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "./settings-file.ts";

/** What the front door needs. */
export interface FrontDoorArgs {
  readonly platform: Platform;
  /** FrontDoorSettings of the runtime. */
  readonly settings: unknown;
  readonly tenantIds: readonly string[];
  readonly replicas: number;
}

/** Size of the audit volume in GiB: about 10 million records of 500 bytes. */
const AUDIT_GIB = 5;

/**
 * The one way in: it knows who asks, for which tenant, whether they may, and writes it down. Stateless but for the
 * audit log, one append-only file per replica on a volume that all replicas read.
 *
 * Children: Secret (through the platform), ConfigMap, PersistentVolumeClaim, NetworkPolicy, Deployment, Service.
 */
export class FrontDoor extends Component {
  constructor(name: string, args: FrontDoorArgs, opts?: ComponentResourceOptions) {
    super("breakwater:agents:FrontDoor", name, opts);
    const { platform } = args;
    const labels = objectLabels("front-door");

    const secrets = platform.secretFiles(
      name,
      { namespace: PLATFORM_NAMESPACE, name: "front-door-secrets", files: secretsOf(args.tenantIds) },
      this.child(),
    );
    // Apart from the other secrets, because a new key must not restart anything: the front door reads it again.
    const keys = platform.secretFiles(
      `${name}-keys`,
      { namespace: PLATFORM_NAMESPACE, name: "front-door-keys", files: { "api-keys.json": "platform/api-keys.json" } },
      this.child(),
    );
    const settings = new SettingsFile(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "front-door-settings",
        labels,
        files: { "settings.json": args.settings },
      },
      this.child(),
    );
    const audit = new PersistentVolumeClaim(
      `${name}-audit`,
      {
        metadata: {
          name: "audit",
          namespace: PLATFORM_NAMESPACE,
          labels,
          // Some classes bind when the first pod is scheduled, which comes after it.
          annotations: notAwaited,
        },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: platform.storageClass,
          resources: { requests: { storage: `${AUDIT_GIB}Gi` } },
        },
      },
      this.child(),
    );
    const walls = onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "front-door",
        from: [{ peers: platform.entry.peers, port: FRONT_DOOR_PORT }],
        to: [{ peers: [everyCell], port: CELL_PORT }, dnsWay(platform.dns)],
      },
      this.child(),
    );
    const { nodePort } = platform.entry;
    new Server(
      name,
      {
        part: "front-door",
        image: platform.image("front-door"),
        replicas: args.replicas,
        port: FRONT_DOOR_PORT,
        args: ["--settings", "/etc/breakwater/settings.json"],
        memoryMiB: 512,
        // A turn that runs when the pod is told to stop may still take as long as a turn may take.
        graceSeconds: 330,
        annotations: { [SETTINGS_ANNOTATION]: settings.hash, [SECRETS_ANNOTATION]: secrets.fingerprint },
        volumes: [
          {
            volume: { name: "settings", configMap: { name: settings.name } },
            mountPath: "/etc/breakwater",
            readOnly: true,
          },
          {
            volume: {
              name: "secrets",
              projected: {
                defaultMode: 0o440,
                sources: [{ secret: { name: "front-door-secrets" } }, { secret: { name: "front-door-keys" } }],
              },
            },
            mountPath: "/run/secrets/front-door",
            readOnly: true,
          },
          {
            volume: { name: "audit", persistentVolumeClaim: { claimName: "audit" } },
            mountPath: "/var/lib/breakwater/audit",
            readOnly: false,
          },
        ],
        service: {
          type: platform.entry.type,
          ports: [
            {
              name: "http",
              port: FRONT_DOOR_PORT,
              targetPort: "http",
              ...(nodePort === undefined ? {} : { nodePort }),
            },
          ],
        },
      },
      this.child([secrets, keys, settings.configMap, audit, walls]),
    );
    this.registerOutputs();
  }
}

function secretsOf(tenantIds: readonly string[]): Record<string, string> {
  return {
    "session-secret": "platform/session-secret",
    ...Object.fromEntries(tenantIds.map((id) => [`${id}.token`, `tenants/${id}/gateway-token`])),
  };
}
