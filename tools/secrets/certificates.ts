import { spawnSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";

/** One certificate with its key, PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** What is to be certified. */
export interface CertificateArgs {
  readonly subject: string;
  readonly days: number;
  /** Of the key. @default an elliptic curve, P-256 */
  readonly key?: "P-256" | "RSA-3072";
  /** X.509 extensions as OpenSSL writes them. */
  readonly extensions: readonly string[];
  /** Who signs; left out: the certificate itself. */
  readonly signer?: Certificate;
}

const KEYS = {
  "P-256": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
  "RSA-3072": ["-newkey", "rsa:3072"],
};

/** Makes a certificate with OpenSSL, in a folder that only this user reads and that is gone afterwards. @throws ProblemError `secrets/openssl` */
export function makeCertificate({ subject, days, key = "P-256", extensions, signer }: CertificateArgs): Certificate {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-certificate-"));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text, { mode: 0o600 });
  try {
    // Debian's own configuration adds extensions that nobody asked for.
    write("openssl.cnf", "[req]\ndistinguished_name=dn\n[dn]\n");
    if (signer !== undefined) {
      write("signer.crt", signer.certificate);
      write("signer.key", signer.key);
    }
    run(folder, [
      ...["req", "-config", "openssl.cnf", "-x509", "-nodes", "-days", String(days), "-subj", subject],
      ...KEYS[key],
      ...["-keyout", "own.key", "-out", "own.crt"],
      ...extensions.flatMap((extension) => ["-addext", extension]),
      ...(signer === undefined ? [] : ["-CA", "signer.crt", "-CAkey", "signer.key"]),
    ]);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    return { certificate: read("own.crt"), key: read("own.key") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(folder: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  refuse({
    code: "secrets/openssl",
    path: "openssl req",
    got: status === null ? "no openssl" : `exit code ${status}: ${(stderr ?? "").trim().split("\n").at(-1)}`,
    expected: "a certificate",
    remedy: "install OpenSSL 3: apt-get install openssl",
  });
}

/** Days until a certificate ends. */
export function daysLeft(certificate: string, now: Date): number {
  return (Date.parse(new X509Certificate(certificate).validTo) - now.getTime()) / 86_400_000;
}

/** Whether a certificate is for exactly these names, written as OpenSSL takes them. */
export function isFor(certificate: string, names: readonly string[]): boolean {
  // What OpenSSL calls IP, Node prints as "IP Address".
  const found = (new X509Certificate(certificate).subjectAltName ?? "").split(", ");
  const wanted = names.map((name) => name.replace(/^IP:/, "IP Address:"));
  return found.length === wanted.length && wanted.every((name) => found.includes(name));
}
