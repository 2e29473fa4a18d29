import { randomBytes } from "node:crypto";
import { type AuthorityFiles, type Folders, provideCertificates, type ServerFiles } from "./authority.ts";
import { makeCertificate } from "./certificates.ts";
import type { SecretFolder } from "./files.ts";

const BACKUP_DAYS = 3650;

/** In the folder of keys, which is never deployed: who has it can read every backup. */
const BACKUP_KEY = "backup.key";

/** Secrets that the deploying machine makes for a topology beside those that every environment has. */
export interface PlatformSecrets {
  /** Names that the certificate of the vault's servers is for; empty where there is no vault. */
  readonly vaultNames: readonly string[];
  /** Key that opens a vault whose cloud has no key service that it knows. */
  readonly vaultSealKey: boolean;
  /** Password of Grafana's administrator. */
  readonly grafana: boolean;
  /** Certificate to which dumps of the database are encrypted; its private key is never deployed. */
  readonly backupCertificate: boolean;
}

/**
 * Makes what an environment elsewhere needs beside the secrets of its agents. What exists stays as it is.
 *
 * @throws ProblemError `secrets/openssl`
 */
export function providePlatformSecrets({ secrets, keys }: Folders, wanted: PlatformSecrets, now: Date): void {
  if (wanted.grafana) secrets.provide("platform/grafana-admin-password", () => randomBytes(24).toString("base64url"));
  if (wanted.vaultSealKey) secrets.provide("platform/vault-seal-key", () => randomBytes(32).toString("hex"));
  if (wanted.vaultNames.length > 0) {
    provideCertificates({ secrets, keys }, VAULT_AUTHORITY, [vaultServers(wanted.vaultNames)], now);
  }
  if (wanted.backupCertificate) provideBackupCertificate(secrets, keys);
}

/**
 * The certificate that the vault's servers show, of an authority of the environment's own: the vault cannot issue it,
 * because nothing reaches the vault without it.
 */
const VAULT_AUTHORITY: AuthorityFiles = {
  subject: "/CN=Breakwater vault authority",
  certificate: "platform/vault-authority",
  key: "vault-authority.key",
};

function vaultServers(names: readonly string[]): ServerFiles {
  return {
    subject: "/CN=vault",
    certificate: "platform/vault-certificate",
    key: "platform/vault-certificate-key",
    names: names.map((name) => `DNS:${name}`),
  };
}

/** The private key is never made anew while it exists: no older dump could be read any more. */
function provideBackupCertificate(secrets: SecretFolder, keys: SecretFolder): void {
  const file = "platform/backup-certificate.pem";
  if (secrets.has(file) && keys.has(BACKUP_KEY)) return;
  const made = makeCertificate({
    subject: "/CN=breakwater-backup",
    days: BACKUP_DAYS,
    key: "RSA-3072",
    extensions: ["basicConstraints=critical,CA:FALSE"],
  });
  keys.write(BACKUP_KEY, made.key);
  secrets.write(file, made.certificate);
}
