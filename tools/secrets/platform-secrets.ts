import { randomBytes } from "node:crypto";
import { daysLeft, makeCertificate } from "./certificates.ts";
import type { SecretFolder } from "./files.ts";

const AUTHORITY_DAYS = 3650;
const CERTIFICATE_DAYS = 365;
/** A certificate with fewer days left is made anew, and the servers that show it roll. */
const RENEW_DAYS = 60;

/** In the folder of keys, which is never deployed: who has it can pretend to be the vault, or read every backup. */
const AUTHORITY_KEY = "vault-authority.key";
const BACKUP_KEY = "backup.key";

interface Folders {
  /** Is deployed. */
  readonly secrets: SecretFolder;
  /** Stays with the person who deploys. */
  readonly keys: SecretFolder;
}

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
  if (wanted.vaultNames.length > 0) provideVaultCertificate({ secrets, keys }, wanted.vaultNames, now);
  if (wanted.backupCertificate) provideBackupCertificate(secrets, keys);
}

/**
 * The certificate that the vault's servers show, of an authority of the environment's own: the vault cannot issue it,
 * because nothing reaches the vault without it.
 */
function provideVaultCertificate({ secrets, keys }: Folders, names: readonly string[], now: Date): void {
  const [authority, certificate, key] = ["vault-authority", "vault-certificate", "vault-certificate-key"].map(
    (name) => `platform/${name}`,
  ) as [string, string, string];
  if (!(secrets.has(authority) && keys.has(AUTHORITY_KEY))) {
    const made = makeCertificate({
      subject: "/CN=Breakwater vault authority",
      days: AUTHORITY_DAYS,
      extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"],
    });
    keys.write(AUTHORITY_KEY, made.key);
    secrets.write(authority, made.certificate);
    // What the old authority signed is nobody's any more.
    secrets.remove(certificate);
  }
  const complete = secrets.has(certificate) && secrets.has(key);
  if (complete && daysLeft(secrets.read(certificate), now) > RENEW_DAYS) return;
  const made = makeCertificate({
    subject: "/CN=vault",
    days: CERTIFICATE_DAYS,
    extensions: [
      `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`,
      "basicConstraints=critical,CA:FALSE",
      "keyUsage=critical,digitalSignature",
      "extendedKeyUsage=serverAuth",
    ],
    signer: { certificate: secrets.read(authority), key: keys.read(AUTHORITY_KEY) },
  });
  secrets.write(key, made.key);
  secrets.write(certificate, made.certificate);
}

/** The private key is never made anew while it exists: no older dump could be read any more. */
function provideBackupCertificate(secrets: SecretFolder, keys: SecretFolder): void {
  const file = "platform/backup-certificate.pem";
  if (secrets.has(file) && keys.has(BACKUP_KEY)) return;
  const made = makeCertificate({
    subject: "/CN=breakwater-backup",
    days: AUTHORITY_DAYS,
    key: "RSA-3072",
    extensions: ["basicConstraints=critical,CA:FALSE"],
  });
  keys.write(BACKUP_KEY, made.key);
  secrets.write(file, made.certificate);
}
