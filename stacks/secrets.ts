import { collectSecretRefs, type Settings } from "@breakwater/runtime/settings";
import { CERTIFICATE_NAMES } from "../components/vault/names.ts";

/** Secrets that only their owner can give: keys of providers, tokens of audit destinations, another vault's token. */
export function ownSecretNames(settings: Settings): readonly string[] {
  const { model_providers, audit, monitoring, inference, deployment, vault } = settings;
  const fromNgc = inference.models.some(({ engine, source }) => engine === "nim" && source === "ngc");
  return [
    ...collectSecretRefs({ model_providers, audit, monitoring }).map(({ name }) => name),
    ...(fromNgc ? ["NGC_API_KEY"] : []),
    ...(vault.unseal === "transit" ? ["platform/vault-transit-token", "platform/vault-transit-ca.pem"] : []),
    // Tencent Cloud knows an uploaded certificate by its id, which nothing can look up at plan.
    ...(deployment.topology === "tencent" ? ["platform/front-door-certificate-id"] : []),
  ];
}

/** Secrets that the deploying machine makes for a topology beside those that every environment has. Pure. */
export function madeSecrets({ deployment, vault }: Settings): {
  readonly vaultNames: readonly string[];
  readonly vaultSealKey: boolean;
  readonly grafana: boolean;
  readonly backupCertificate: boolean;
} {
  const { topology } = deployment;
  const elsewhere = topology !== "local";
  return {
    vaultNames: elsewhere ? CERTIFICATE_NAMES : [],
    vaultSealKey: topology === "tencent" && vault.unseal !== "transit",
    grafana: elsewhere,
    backupCertificate: topology === "dgx",
  };
}
