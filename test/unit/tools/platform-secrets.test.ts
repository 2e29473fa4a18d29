import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { SecretFolder } from "../../../tools/secrets/files.ts";
import { providePlatformSecrets } from "../../../tools/secrets/platform-secrets.ts";

const WANTED = {
  vaultNames: ["vault.vault.svc", "vault-0.vault"],
  vaultSealKey: true,
  grafana: true,
  backupCertificate: true,
};
const NOW = new Date();
const DAY_MS = 86_400_000;

let root: string;
let secrets: SecretFolder;
let keys: SecretFolder;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "breakwater-secrets-"));
  secrets = new SecretFolder(join(root, "secrets"));
  keys = new SecretFolder(join(root, "keys"));
});

afterEach(() => rmSync(root, { recursive: true }));

const provide = (wanted: Partial<typeof WANTED> = {}, now = NOW): void =>
  providePlatformSecrets({ secrets, keys }, { ...WANTED, ...wanted }, now);
const certificate = (): X509Certificate => new X509Certificate(secrets.read("platform/vault-certificate"));

test("the vault's certificate is for its names, signed by the environment's own authority, and no authority itself", () => {
  provide();
  const authority = new X509Certificate(secrets.read("platform/vault-authority"));
  expect(certificate().verify(authority.publicKey)).toBe(true);
  expect(certificate().subjectAltName).toBe("DNS:vault.vault.svc, DNS:vault-0.vault");
  expect([authority.ca, certificate().ca]).toEqual([true, false]);
});

test("no private key of an authority or of backups is among what is deployed", () => {
  provide();
  expect(keys.read("vault-authority.key")).toContain("PRIVATE KEY");
  expect(keys.read("backup.key")).toContain("PRIVATE KEY");
  for (const name of ["vault-authority", "backup-certificate.pem"]) {
    expect(secrets.read(`platform/${name}`)).not.toContain("PRIVATE KEY");
  }
});

test("what exists stays, and a certificate that ends soon is made anew by the same authority", () => {
  provide();
  const before = ["vault-authority", "vault-certificate", "vault-seal-key", "grafana-admin-password"].map((name) =>
    secrets.read(`platform/${name}`),
  );
  provide();
  const again = ["vault-authority", "vault-certificate", "vault-seal-key", "grafana-admin-password"].map((name) =>
    secrets.read(`platform/${name}`),
  );
  expect(again).toEqual(before);
  provide({}, new Date(NOW.getTime() + 320 * DAY_MS));
  expect(secrets.read("platform/vault-authority")).toBe(before[0]);
  expect(secrets.read("platform/vault-certificate")).not.toBe(before[1]);
});

test("a certificate whose authority's key is lost is replaced together with the authority", () => {
  provide();
  const before = secrets.read("platform/vault-certificate");
  keys.remove("vault-authority.key");
  provide();
  const authority = new X509Certificate(secrets.read("platform/vault-authority"));
  expect(secrets.read("platform/vault-certificate")).not.toBe(before);
  expect(certificate().verify(authority.publicKey)).toBe(true);
});

test("nothing is made that the topology does not need", () => {
  provide({ vaultNames: [], vaultSealKey: false, grafana: false, backupCertificate: false });
  for (const name of ["vault-authority", "vault-seal-key", "grafana-admin-password", "backup-certificate.pem"]) {
    expect([name, secrets.has(`platform/${name}`)]).toEqual([name, false]);
  }
});
