import { CronJob } from "@pulumi/kubernetes/batch/v1/cronJob.js";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { pinnedTo } from "../agents/pinned.ts";
import { restrictedContainer, restrictedPod } from "../agents/pod-security.ts";
import { dnsWay } from "../agents/reach.ts";
import { Component } from "../component.ts";
import { notAwaited } from "../labels.ts";
import { PLATFORM_NAMESPACE } from "../names.ts";
import type { Database, Platform } from "../platform.ts";
import { authorityFile } from "../transport.ts";

/** What backups need of the platform. */
export type BackupPlatform = Pick<Platform, "image" | "secretFiles" | "placement" | "sharedStorageClass" | "dns">;

/** What a backup of the database needs. */
export interface BackupArgs {
  readonly platform: BackupPlatform;
  readonly database: Pick<Database, "peers" | "port" | "name">;
  readonly host: Input<string>;
  /** Size of the database's volume, in GiB. */
  readonly storageGiB: number;
  /** Days after which a dump is deleted. */
  readonly keptDays: number;
}

/** At night, when agents are least at work; UTC. */
const SCHEDULE = "17 2 * * *";

/** Share of a database's size that a compressed dump of it takes at most. */
const DUMP_SHARE = 0.5;

const labels = {
  "app.kubernetes.io/name": "backup",
  "app.kubernetes.io/component": "backup",
  "app.kubernetes.io/part-of": "breakwater",
  "app.kubernetes.io/managed-by": "pulumi",
};

/** A pod selector that no Service has. */
const selector = { "app.kubernetes.io/component": "backup" };

/**
 * A dump of the database every night on the shared storage, encrypted to a certificate whose private key the cluster does
 * not have: who takes the volume has nothing, and who loses the key has nothing either.
 *
 * Children: Secret, PersistentVolumeClaim, two NetworkPolicies, CronJob. Cost: the volume.
 */
export class Backup extends Component {
  constructor(name: string, args: BackupArgs, opts?: ComponentResourceOptions) {
    super("breakwater:dgx:Backup", name, opts);
    const { platform } = args;
    const secrets = platform.secretFiles(
      name,
      {
        namespace: PLATFORM_NAMESPACE,
        name: "backup-secrets",
        files: {
          "postgres-password": "platform/postgres-front-door-password",
          "certificate.pem": "platform/backup-certificate.pem",
          ...authorityFile,
        },
      },
      this.child(),
    );
    const volume = new PersistentVolumeClaim(
      name,
      {
        metadata: { name: "backup", namespace: PLATFORM_NAMESPACE, labels, annotations: notAwaited },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: platform.sharedStorageClass,
          resources: { requests: { storage: `${volumeGiB(args)}Gi` } },
        },
      },
      { ...this.child(), protect: true, retainOnDelete: true },
    );
    const walls = reachesTheDatabase(name, args, this.child());
    new CronJob(
      name,
      {
        metadata: { name: "backup", namespace: PLATFORM_NAMESPACE, labels },
        spec: {
          schedule: SCHEDULE,
          timeZone: "Etc/UTC",
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 3600,
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 3,
          jobTemplate: {
            spec: {
              backoffLimit: 2,
              activeDeadlineSeconds: 4 * 3600,
              template: { metadata: { labels }, spec: backupPod(args) },
            },
          },
        },
      },
      this.child([secrets, volume, ...walls]),
    );
    this.registerOutputs();
  }
}

function volumeGiB({ storageGiB, keptDays }: BackupArgs): number {
  return Math.ceil(storageGiB * DUMP_SHARE * (keptDays + 1));
}

/** Both ends of the one way: the database's own policy names its users only, and policies add up. */
function reachesTheDatabase(name: string, { platform, database }: BackupArgs, opts: CustomResourceOptions) {
  const ports = [{ port: database.port, protocol: "TCP" }];
  const [postgres] = database.peers;
  const dns = dnsWay(platform.dns);
  const out = new NetworkPolicy(
    name,
    {
      metadata: { name: "backup", namespace: PLATFORM_NAMESPACE },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [
          { to: [...database.peers], ports },
          { to: [...dns.peers], ports: (dns.protocols ?? []).map((protocol) => ({ port: dns.port, protocol })) },
        ],
      },
    },
    opts,
  );
  const into = new NetworkPolicy(
    `${name}-database`,
    {
      metadata: { name: "postgres-backup", namespace: PLATFORM_NAMESPACE },
      spec: {
        podSelector: postgres?.podSelector ?? {},
        policyTypes: ["Ingress"],
        ingress: [{ from: [{ podSelector: { matchLabels: selector } }], ports }],
      },
    },
    opts,
  );
  return [out, into];
}

/** A dump that is not whole never has the name of one that is. */
export function backupScript(keptDays: number): string {
  return [
    "set -euo pipefail",
    "umask 077",
    "cd /var/lib/breakwater/backup",
    'PGPASSWORD="$(cat /run/secrets/backup/postgres-password)"; export PGPASSWORD',
    'name="breakwater-$(date -u +%Y%m%dT%H%M%SZ).dump.cms"',
    "/usr/lib/postgresql/15/bin/pg_dump --format=custom --no-password \\",
    "  | openssl cms -encrypt -binary -stream -outform DER -aes-256-gcm /run/secrets/backup/certificate.pem > .part",
    'mv .part "$name"',
    `find . -maxdepth 1 -name 'breakwater-*.dump.cms' -mtime +${keptDays} -delete`,
    'echo "wrote $name, $(stat -c %s "$name") bytes"',
  ].join("\n");
}

function backupPod({ platform, database, host, keptDays }: BackupArgs): input.core.v1.PodSpec {
  return {
    ...restrictedPod,
    ...pinnedTo(platform.placement("agents")),
    restartPolicy: "Never",
    containers: [
      {
        ...restrictedContainer,
        name: "backup",
        image: platform.image("postgres"),
        command: ["/bin/bash", "-c", backupScript(keptDays)],
        env: [
          { name: "PGHOST", value: host },
          { name: "PGPORT", value: String(database.port) },
          { name: "PGDATABASE", value: database.name },
          { name: "PGUSER", value: "front_door" },
          { name: "PGSSLMODE", value: "verify-full" },
          { name: "PGSSLROOTCERT", value: "/run/secrets/backup/authority.crt" },
        ],
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "256Mi" } },
        volumeMounts: [
          { name: "backup", mountPath: "/var/lib/breakwater/backup" },
          { name: "secrets", mountPath: "/run/secrets/backup", readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "backup", persistentVolumeClaim: { claimName: "backup" } },
      { name: "secrets", secret: { secretName: "backup-secrets", defaultMode: 0o440 } },
    ],
  };
}
