import { Job } from "@pulumi/kubernetes/batch/v1/job.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import type { Input } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { pinnedTo } from "../agents/pinned.ts";
import { restrictedContainer, restrictedPod } from "../agents/pod-security.ts";
import { notAwaited } from "../labels.ts";
import { tenantNamespace } from "../names.ts";
import type { Platform } from "../platform.ts";
import { vaultLabels } from "./labels.ts";
import {
  CONFIG_FOLDER,
  LOGIN_FOLDER,
  TLS_FOLDER,
  VAULT_ADDRESS,
  VAULT_AUDIENCE,
  VAULT_KEEPER,
  VAULT_NAMESPACE,
} from "./names.ts";

/** What making tenants' keys needs. */
export interface TenantKeysArgs {
  readonly platform: Pick<Platform, "placement">;
  readonly image: Input<string>;
  /** Ids of the tenants. */
  readonly tenants: readonly string[];
  /** Whether people open the vault: then the Job waits for them, and nothing waits for the Job. */
  readonly openedByPeople: boolean;
  readonly annotations: Readonly<Record<string, Input<string>>>;
}

/** Seconds that an open vault has to answer. */
const DEADLINE_SECONDS = 240;

/**
 * The Job that makes one key a tenant, each named like the tenant's namespace. It runs again when the tenants change; a
 * key that is there stays as it is, and the key of a tenant that is gone stays too, so that its backups can be read.
 */
export function tenantKeys(name: string, args: TenantKeysArgs, opts: CustomResourceOptions): Job {
  const labels = vaultLabels("vault-keeper");
  return new Job(
    `${name}-tenant-keys`,
    {
      metadata: {
        name: VAULT_KEEPER,
        namespace: VAULT_NAMESPACE,
        labels,
        annotations: args.openedByPeople ? notAwaited : {},
      },
      spec: {
        backoffLimit: 6,
        ...(args.openedByPeople ? {} : { activeDeadlineSeconds: DEADLINE_SECONDS }),
        template: { metadata: { labels, annotations: { ...args.annotations } }, spec: keeperPod(args) },
      },
    },
    opts,
  );
}

function keeperPod({ platform, image, tenants }: TenantKeysArgs): input.core.v1.PodSpec {
  return {
    ...restrictedPod,
    ...pinnedTo(platform.placement("system")),
    serviceAccountName: VAULT_KEEPER,
    restartPolicy: "OnFailure",
    containers: [
      {
        ...restrictedContainer,
        name: "keeper",
        image,
        command: ["/bin/sh", `${CONFIG_FOLDER}/make-keys`, ...[...tenants].sort().map(tenantNamespace)],
        env: [
          { name: "BAO_ADDR", value: VAULT_ADDRESS },
          { name: "BAO_CACERT", value: `${TLS_FOLDER}/ca.crt` },
        ],
        resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
        volumeMounts: [
          { name: "config", mountPath: CONFIG_FOLDER, readOnly: true },
          { name: "authority", mountPath: TLS_FOLDER, readOnly: true },
          { name: "login", mountPath: LOGIN_FOLDER, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: "vault" } },
      // The authority alone: the servers' key is no business of a client.
      {
        name: "authority",
        secret: { secretName: "vault-tls", items: [{ key: "ca.crt", path: "ca.crt" }], defaultMode: 0o440 },
      },
      {
        name: "login",
        projected: {
          defaultMode: 0o440,
          sources: [{ serviceAccountToken: { path: "token", audience: VAULT_AUDIENCE, expirationSeconds: 600 } }],
        },
      },
    ],
  };
}
