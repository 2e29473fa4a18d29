import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { output } from "@pulumi/pulumi/output.js";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime/mocks.js";
import type { VaultSeal } from "../../../../components/platform.ts";
import { poolPlacement } from "../../../../components/pools.ts";
import { SecretFiles } from "../../../../components/secret-files.ts";
import { Vault, type VaultArgs } from "../../../../components/vault/vault.ts";
import { record } from "../../../support/record.ts";

export const IMAGE = `registry.example.com/vault@sha256:${"a".repeat(64)}`;

export const AWS_STANZA =
  'seal "awskms" {\n  region = "eu-central-1"\n  kms_key_id = "arn:aws:kms:eu-central-1:1:key/k"\n}\n';

/** The seal of a cloud's key service, as a platform gives it: known only after an update. */
export const cloudSeal: VaultSeal = {
  stanza: output(AWS_STANZA),
  serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/vault" },
  ways: [{ peers: [{ ipBlock: { cidr: "10.0.3.0/24" } }], port: 443 }],
  env: { AWS_REGION: "eu-central-1" },
};

/** People open it. */
export const shamirSeal: VaultSeal = { stanza: "" };

/** Another vault opens it, by a token in a file. */
export const transitSeal: VaultSeal = {
  stanza:
    'seal "transit" {\n  address = "https://other.example.com"\n  token = "file:///run/secrets/vault-seal/token"\n}\n',
  secretFiles: { token: "platform/vault-transit-token" },
  ways: [{ peers: [{ ipBlock: { cidr: "192.0.2.7/32" } }], port: 8200 }],
};

export const DNS = { podSelector: { matchLabels: { "k8s-app": "kube-dns" } } };
export const API_SERVER = { ipBlock: { cidr: "10.0.0.0/28" } };
export const SCRAPER = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };

/** Everything that one vault registers. */
export async function vaultOn(
  seal: VaultSeal,
  args: Partial<Omit<VaultArgs, "platform">> = {},
): Promise<readonly MockResourceArgs[]> {
  return record(() => {
    const platform: VaultArgs["platform"] = {
      secretFiles: (name, files, opts) => new SecretFiles(name, files, opts),
      storageClass: "encrypted",
      placement: poolPlacement,
      dns: DNS,
      apiServer: [API_SERVER],
      vaultSeal: { ...seal, dependsOn: [new ConfigMap("grant", { data: {} })] },
    };
    new Vault("vault", {
      platform,
      image: IMAGE,
      replicas: 3,
      storageGiB: 10,
      tenants: ["marketing", "engineering"],
      scrapers: [SCRAPER],
      ...args,
    });
  });
}

/** The inputs of the one resource of that kind and logical name. */
export function inputsOf<T>(seen: readonly MockResourceArgs[], kind: string, name: string): T {
  const found = seen.filter((resource) => resource.type.endsWith(`:${kind}`) && resource.name === name);
  if (found.length !== 1) {
    throw new Error(
      `${found.length} of ${kind} ${name}; there are ${seen.map((r) => `${r.type} ${r.name}`).join(", ")}`,
    );
  }
  return found[0]?.inputs as T;
}
