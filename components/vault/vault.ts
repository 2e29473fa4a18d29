import { refuse } from "@breakwater/runtime/problems";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace.js";
import type { input } from "@pulumi/kubernetes/types/index.js";
import { type Input, interpolate, output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions, CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { restrictedNamespaceLabels } from "../agents/pod-security.ts";
import { SECRETS_ANNOTATION, SETTINGS_ANNOTATION, SettingsFile } from "../agents/settings-file.ts";
import { Component } from "../component.ts";
import type { Platform, VaultSeal } from "../platform.ts";
import { files, initializeFiles } from "./files.ts";
import { identities } from "./identities.ts";
import { vaultLabels } from "./labels.ts";
import { VAULT_ADDRESS, VAULT_NAMESPACE } from "./names.ts";
import { servers } from "./servers.ts";
import { tenantKeys } from "./tenant-keys.ts";
import { walls } from "./walls.ts";

/** What the vault needs of the place it runs on. */
export type VaultPlatform = Pick<Platform, "secretFiles" | "storageClass" | "placement" | "dns" | "apiServer"> & {
  readonly vaultSeal: VaultSeal;
};

/** What {@link Vault} needs. Plain fields are fixed at preview. */
export interface VaultArgs {
  readonly platform: VaultPlatform;
  /** The image built from runtime/vault/, by digest. */
  readonly image: Input<string>;
  /** Servers that share the data by Raft; odd, from 1 to 7. */
  readonly replicas: number;
  /** Volume of each server, in GiB. */
  readonly storageGiB: number;
  /** Ids of the tenants that have a key each. */
  readonly tenants: readonly string[];
  /** Who reads its metrics. @default nobody */
  readonly scrapers?: readonly input.networking.v1.NetworkPolicyPeer[];
}

/**
 * OpenBao: the platform's key keeper, opened by the platform's key service, by another vault or by people. It sets itself
 * up without a root token that anybody sees: logins by Kubernetes' identities, one key a tenant that cannot leave, and
 * certificates for the platform's own services. Every request is written to its log, secrets as keyed digests.
 *
 * Children: Namespace, three NetworkPolicies, three ServiceAccounts, ClusterRole and -Binding, Secrets of its certificate
 * and of the seal, two ConfigMaps, two Services, PodDisruptionBudget, StatefulSet with a volume a server, Job of the
 * tenants' keys. Cost: `replicas` volumes and their share of the system nodes.
 * Checked by: test/service/vault.test.ts (a real server from these files), test/unit/components/vault.
 * @throws ProblemError `vault/even-replicas`, `vault/unknown-seal`, both at preview where the stanza is known.
 */
export class Vault extends Component {
  /** What clients call; its certificate is signed by the authority in the environment's secrets. */
  readonly address: string = VAULT_ADDRESS;

  constructor(name: string, args: VaultArgs, opts?: ComponentResourceOptions) {
    super("breakwater:vault:Vault", name, opts);
    refuseEven(args.replicas);
    const { platform, image } = args;
    const seal = platform.vaultSeal;
    const openedByPeople = isOpenedByPeople(seal);
    const space = new Namespace(
      name,
      {
        metadata: {
          name: VAULT_NAMESPACE,
          labels: { "app.kubernetes.io/part-of": "breakwater", ...restrictedNamespaceLabels },
        },
      },
      { ...this.child(), protect: true, retainOnDelete: true },
    );
    const inside = this.child(space);
    const closed = walls(name, { platform, scrapers: args.scrapers ?? [] }, inside);
    const accounts = identities(name, seal, inside);
    const tls = platform.secretFiles(
      `${name}-tls`,
      { namespace: VAULT_NAMESPACE, name: "vault-tls", files: TLS_FILES },
      inside,
    );
    const sealFiles =
      seal.secretFiles === undefined
        ? []
        : [
            platform.secretFiles(
              `${name}-seal`,
              { namespace: VAULT_NAMESPACE, name: "vault-seal", files: seal.secretFiles },
              inside,
            ),
          ];
    const stanza = output(seal.stanza);
    const config = settings(
      name,
      "vault",
      stanza.apply((text) => files(text, args.replicas, openedByPeople)),
      inside,
    );
    const initialize = openedByPeople
      ? []
      : [settings(`${name}-initialize`, "vault-initialize", initializeFiles(), inside)];
    const ready = [
      ...closed,
      ...accounts,
      tls,
      ...sealFiles,
      config.configMap,
      ...initialize.map((map) => map.configMap),
    ];
    const started = servers(
      name,
      {
        platform,
        image,
        replicas: args.replicas,
        storageGiB: args.storageGiB,
        openedByPeople,
        annotations: {
          [SETTINGS_ANNOTATION]: config.hash,
          [SECRETS_ANNOTATION]: [tls, ...sealFiles]
            .map(({ fingerprint }) => fingerprint)
            .reduce((all, one) => interpolate`${all}.${one}`),
        },
      },
      this.child([...ready, ...(seal.dependsOn ?? [])]),
    );
    const annotations = { [SETTINGS_ANNOTATION]: config.hash };
    tenantKeys(name, { platform, image, tenants: args.tenants, openedByPeople, annotations }, this.child([started]));
    this.registerOutputs({ address: this.address });
  }
}

/** Files of the environment's secrets: the servers' certificate, its key, and the authority that clients trust. */
const TLS_FILES = {
  "tls.crt": "platform/vault-certificate",
  "tls.key": "platform/vault-certificate-key",
  "ca.crt": "platform/vault-authority",
} as const;

/** An empty stanza is Shamir's; one that is known only after an update never is. */
function isOpenedByPeople({ stanza }: VaultSeal): boolean {
  return typeof stanza === "string" && stanza.trim() === "";
}

/** A text for each file of a ConfigMap; nothing secret belongs here. */
function settings(
  logicalName: string,
  name: string,
  texts: Input<Readonly<Record<string, string>>>,
  opts: CustomResourceOptions,
): SettingsFile {
  return new SettingsFile(
    logicalName,
    {
      namespace: VAULT_NAMESPACE,
      name,
      labels: vaultLabels("vault"),
      files: texts as Readonly<Record<string, unknown>>,
    },
    opts,
  );
}

function refuseEven(replicas: number): void {
  if (replicas % 2 === 1) return;
  refuse({
    code: "vault/even-replicas",
    path: "vault.replicas",
    got: String(replicas),
    expected: "an odd number: an even one survives no more failures than the one below it",
    remedy: `set it to ${replicas + 1}`,
  });
}
