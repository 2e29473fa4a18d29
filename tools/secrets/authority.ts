import { daysLeft, isFor, makeCertificate } from "./certificates.ts";
import type { SecretFolder } from "./files.ts";

const AUTHORITY_DAYS = 3650;
const CERTIFICATE_DAYS = 365;
/** A certificate with fewer days left is made anew, and the servers that show it roll. */
const RENEW_DAYS = 60;

/** Where secrets are kept: those that are deployed, and those that stay with the person who deploys. */
export interface Folders {
  readonly secrets: SecretFolder;
  readonly keys: SecretFolder;
}

/** An authority of the environment's own. */
export interface AuthorityFiles {
  readonly subject: string;
  /** Of the secrets: its certificate, which is public. */
  readonly certificate: string;
  /** Of the keys, which are never deployed: who has it can pretend to be every server that the authority vouches for. */
  readonly key: string;
}

/** A server's certificate. */
export interface ServerFiles {
  readonly subject: string;
  /** Of the secrets. */
  readonly certificate: string;
  /** Of the secrets. */
  readonly key: string;
  /** As OpenSSL writes them: `DNS:vault.vault.svc`, `IP:127.0.0.1`. */
  readonly names: readonly string[];
}

/**
 * Makes an authority and the certificates of its servers. What is there, is for these names and holds for long enough stays
 * as it is.
 *
 * @throws ProblemError `secrets/openssl`
 */
export function provideCertificates(
  folders: Folders,
  authority: AuthorityFiles,
  servers: readonly ServerFiles[],
  now: Date,
): void {
  const fresh = provideAuthority(folders, authority);
  const { secrets, keys } = folders;
  const signer = { certificate: secrets.read(authority.certificate), key: keys.read(authority.key) };
  for (const { subject, certificate, key, names } of servers) {
    if (!fresh && holds(secrets, { certificate, key, names }, now)) continue;
    const made = makeCertificate({
      subject,
      days: CERTIFICATE_DAYS,
      extensions: [
        `subjectAltName=${names.join(",")}`,
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth",
      ],
      signer,
    });
    secrets.write(key, made.key);
    secrets.write(certificate, made.certificate);
  }
}

/** @returns whether it was made: what an older one signed is nobody's any more. */
function provideAuthority({ secrets, keys }: Folders, { subject, certificate, key }: AuthorityFiles): boolean {
  if (secrets.has(certificate) && keys.has(key)) return false;
  const made = makeCertificate({
    subject,
    days: AUTHORITY_DAYS,
    extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", "keyUsage=critical,keyCertSign,cRLSign"],
  });
  keys.write(key, made.key);
  secrets.write(certificate, made.certificate);
  return true;
}

function holds(
  secrets: SecretFolder,
  { certificate, key, names }: Pick<ServerFiles, "certificate" | "key" | "names">,
  now: Date,
): boolean {
  if (!secrets.has(certificate) || !secrets.has(key)) return false;
  const text = secrets.read(certificate);
  return daysLeft(text, now) > RENEW_DAYS && isFor(text, names);
}
