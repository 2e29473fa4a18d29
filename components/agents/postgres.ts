import { StatefulSet } from "@pulumi/kubernetes/apps/v1/statefulSet.js";
import { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import { interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { notAwaited, objectLabels, selectorLabels } from "../labels.ts";
import { PLATFORM_NAMESPACE, POSTGRES_PORT, serviceHost } from "../names.ts";
import type { Database, Platform } from "../platform.ts";
import { certificateFiles } from "../transport.ts";
import { pinnedTo } from "./pinned.ts";
import { restrictedContainer, restrictedPod } from "./pod-security.ts";
import { onlyWays, platformPeer } from "./reach.ts";
import { SECRETS_ANNOTATION } from "./settings-file.ts";

/** What PostgreSQL in the cluster needs of the platform. */
export interface PostgresPlatform extends Pick<Platform, "image" | "secretFiles" | "placement" | "storageClass"> {
  /** Addresses of pods: who may come by TCP at all. */
  readonly podCidr: string;
}

/** The database of a platform without a managed one: a PostgreSQL of its own, beside those who use it. */
export function inClusterDatabase(platform: PostgresPlatform): Database {
  return {
    port: POSTGRES_PORT,
    name: "breakwater",
    peers: [platformPeer("postgres")],
    authority: "own",
    create: (name, { storageGiB }, opts) => ({
      ready: new Postgres(name, { platform, storageGiB }, opts),
      host: serviceHost("postgres", PLATFORM_NAMESPACE),
    }),
  };
}

interface PostgresArgs {
  readonly platform: PostgresPlatform;
  readonly storageGiB: number;
}

/** A fast shutdown writes a checkpoint, at most max_wal_size of it. */
const GRACE_SECONDS = 60;

/**
 * PostgreSQL in one pod with one volume, on platforms that have no managed one. The front door owns the database `breakwater`; the model router has a user of
 * its own that can do what migrations grant it. Both come by password and TLS from inside the cluster, nobody else over TCP.
 *
 * Children: Secret, NetworkPolicy, Service, StatefulSet of one. Checked by: `breakwater verify` (database/walled).
 */
class Postgres extends Component {
  constructor(name: string, args: PostgresArgs, opts: ComponentResourceOptions) {
    super("breakwater:agents:Postgres", name, { ...opts, aliases: [{ type: "breakwater:local:Postgres" }] });
    const { platform } = args;
    const labels = objectLabels("postgres");
    const secrets = platform.secretFiles(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "postgres-secrets",
        files: {
          "front-door-password": "platform/postgres-front-door-password",
          "router-password": "platform/postgres-router-password",
          ...certificateFiles("platform/postgres"),
        },
      },
      this.child(),
    );
    const walls = onlyWays(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        part: "postgres",
        from: [{ peers: [platformPeer("front-door"), platformPeer("router")], port: POSTGRES_PORT }],
        to: [],
      },
      this.child(),
    );
    const service = new Service(
      name,
      {
        metadata: { name: "postgres", namespace: PLATFORM_NAMESPACE, labels, annotations: notAwaited },
        spec: {
          selector: selectorLabels("postgres"),
          ports: [{ name: "postgres", port: POSTGRES_PORT, targetPort: "postgres" }],
        },
      },
      this.child(),
    );
    new StatefulSet(
      name,
      {
        metadata: { name: "postgres", namespace: PLATFORM_NAMESPACE, labels },
        spec: {
          replicas: 1,
          // Ordered, a pod that never gets ready would keep the change that mends it from being rolled out.
          podManagementPolicy: "Parallel",
          serviceName: "postgres",
          selector: { matchLabels: selectorLabels("postgres") },
          template: {
            metadata: { labels, annotations: { [SECRETS_ANNOTATION]: interpolate`${secrets.fingerprint}` } },
            spec: postgresPod(platform),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: platform.storageClass,
                resources: { requests: { storage: `${args.storageGiB}Gi` } },
              },
            },
          ],
        },
      },
      this.child([secrets, walls, service]),
    );
    this.registerOutputs();
  }
}

function postgresPod({ image, placement, podCidr }: PostgresPlatform): input.core.v1.PodSpec {
  return {
    ...restrictedPod,
    ...pinnedTo(placement("agents")),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [
      {
        ...restrictedContainer,
        name: "postgres",
        image: image("postgres"),
        // Who may come by TCP at all; pg_hba.conf is written from it.
        args: [podCidr],
        ports: [{ name: "postgres", containerPort: POSTGRES_PORT }],
        resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        // Recovery after a crash comes before the first answer.
        startupProbe: answers({ periodSeconds: 1, failureThreshold: 300 }),
        livenessProbe: answers({ periodSeconds: 10, failureThreshold: 6 }),
        readinessProbe: answers({ periodSeconds: 2, failureThreshold: 3 }),
        volumeMounts: [
          { name: "data", mountPath: "/var/lib/postgresql" },
          { name: "run", mountPath: "/run/postgresql" },
          { name: "tmp", mountPath: "/tmp" },
          { name: "shm", mountPath: "/dev/shm" },
          { name: "secrets", mountPath: "/run/secrets/postgres", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "run", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
      { name: "secrets", secret: { secretName: "postgres-secrets", defaultMode: 0o440 } },
    ],
  };
}

/** Over the socket, as its owner: a question over TCP would be refused, and every refusal is logged. */
function answers(pace: { periodSeconds: number; failureThreshold: number }): input.core.v1.Probe {
  const owner = ["--host=/run/postgresql", "--username=postgres"];
  const command = ["/usr/lib/postgresql/15/bin/pg_isready", "--quiet", ...owner];
  return { exec: { command }, timeoutSeconds: 5, ...pace };
}
