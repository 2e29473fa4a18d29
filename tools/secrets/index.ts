import { createHash, randomBytes } from "node:crypto";
import { createApiKey } from "@breakwater/runtime/identity";
import { ApiKeyRecord } from "@breakwater/runtime/settings";
import { z } from "zod";
import { environmentDir } from "../paths.ts";
import { provideCertificates, type ServerFiles } from "./authority.ts";
import { SecretFolder } from "./files.ts";
import { type PlatformSecrets, providePlatformSecrets } from "./platform-secrets.ts";
import { createSigningKey, publicHalf } from "./signing-keys.ts";
import { createSshKeyPair } from "./ssh-keys.ts";

/** One tenant whose parts need to know each other. */
export interface SecretTenant {
  readonly id: string;
  /** Host and port of the tenant's sandbox as its cell dials it, for known_hosts. */
  readonly sandbox: { readonly host: string; readonly port: number };
}

/** Who can talk to the front door after this: key file by holder, `admin`, `auditor` or `tenant-<id>`. */
export interface ApiKeyFiles {
  readonly [holder: string]: string;
}

/** The holder of a tenant's own key; apart from the others, whatever the tenant is called. */
export function tenantHolder(tenantId: string): string {
  return `tenant-${tenantId}`;
}

/** File of a holder's key in the {@link keyFolder}. */
export function keyFile(holder: string): string {
  return `${holder}.key`;
}

/** The services that sign checkpoints of an audit log of their own. */
const SIGNERS = ["front-door", "router"] as const;

/** File of the {@link keyFolder} with which the audit log of a service is verified: an Ed25519 public key, PEM. */
export function auditPublicKeyFile(service: (typeof SIGNERS)[number]): string {
  return `audit-signing-key-${service}.pub`;
}

/** Where an environment's secrets live on the deploying machine. */
export function secretFolder(environment: string): SecretFolder {
  return new SecretFolder(environmentDir(environment, "secrets"));
}

/** The folder of API keys in the clear, for the people they belong to. Not below `secrets/`: none of it is deployed. */
export function keyFolder(environment: string): SecretFolder {
  return new SecretFolder(environmentDir(environment, "keys"));
}

/**
 * Makes every secret that the environment needs and does not have: tokens between its parts, passwords of the database's
 * users, keys that sign the audit logs, SSH keys of cells and sandboxes, one API key for each tenant, one for an admin
 * and one for an auditor. What exists is left as it is, so
 * that a second run changes nothing; records of tenants that are gone are dropped.
 */
export function ensureSecrets(environment: string, tenants: readonly SecretTenant[], now: Date): ApiKeyFiles {
  const secrets = secretFolder(environment);
  for (const tenant of tenants) provideTenantSecrets(secrets, tenant);
  secrets.provide("platform/session-secret", token);
  secrets.provide("platform/principal-secret", token);
  secrets.provide("platform/postgres-front-door-password", token);
  secrets.provide("platform/postgres-router-password", token);
  for (const service of SIGNERS) provideSigningKey(secrets, keyFolder(environment), service);
  const routerKeys = tenants.map(({ id }) => [id, sha256(secrets.read(`tenants/${id}/router-key`))]);
  writeIfChanged(secrets, "platform/router-tenant-keys.json", Object.fromEntries(routerKeys));
  return provideApiKeys(secrets, keyFolder(environment), tenants, now);
}

/** Makes what the platform of an environment elsewhere needs. @throws ProblemError `secrets/openssl` */
export function ensurePlatformSecrets(environment: string, wanted: PlatformSecrets, now: Date): void {
  providePlatformSecrets({ secrets: secretFolder(environment), keys: keyFolder(environment) }, wanted, now);
}

/** Of the environment's own authority, which every part of it trusts; its certificate is {@link authority}'s. */
const AUTHORITY_KEY = "authority.key";

/**
 * Makes the certificates by which the servers of an environment are known to each other, and the authority that vouches for
 * them. @param authority file of its certificate. @throws ProblemError `secrets/openssl`
 */
export function ensureCertificates(
  environment: string,
  { authority, servers }: { readonly authority: string; readonly servers: readonly ServerFiles[] },
  now: Date,
): void {
  const folders = { secrets: secretFolder(environment), keys: keyFolder(environment) };
  const own = { subject: "/CN=Breakwater authority", certificate: authority, key: AUTHORITY_KEY };
  provideCertificates(folders, own, servers, now);
}

function provideTenantSecrets(secrets: SecretFolder, { id, sandbox }: SecretTenant): void {
  const at = (name: string) => `tenants/${id}/${name}`;
  secrets.provide(at("gateway-token"), token);
  secrets.provide(at("router-key"), token);
  // The two halves of a pair are made together: a half without its other is made anew.
  if (!(secrets.has(at("ssh-key")) && secrets.has(at("sandbox-authorized-keys")))) {
    const cell = createSshKeyPair();
    secrets.remove(at("sandbox-authorized-keys"));
    secrets.write(at("ssh-key"), cell.privateKey);
    secrets.write(at("sandbox-authorized-keys"), `restrict,pty ${cell.publicKey}\n`);
  }
  if (!(secrets.has(at("sandbox-host-key")) && secrets.has(at("known_hosts")))) {
    const host = createSshKeyPair();
    secrets.remove(at("known_hosts"));
    secrets.write(at("sandbox-host-key"), host.privateKey);
    secrets.write(at("known_hosts"), `[${sandbox.host}]:${sandbox.port} ${host.publicKey}\n`);
  }
}

/** The private half is never made anew while it exists: what it signed could not be verified any more. */
function provideSigningKey(secrets: SecretFolder, keys: SecretFolder, service: (typeof SIGNERS)[number]): void {
  const name = `platform/audit-signing-key-${service}`;
  secrets.provide(name, createSigningKey);
  const publicKey = publicHalf(secrets.read(name));
  const file = auditPublicKeyFile(service);
  if (!keys.has(file) || keys.read(file) !== publicKey) keys.write(file, publicKey);
}

/** Holder -> id of the record of the key that was made for it here; keys issued in other ways are not in it. */
const Issued = z.record(z.string(), z.string());

function provideApiKeys(
  secrets: SecretFolder,
  keys: SecretFolder,
  tenants: readonly SecretTenant[],
  now: Date,
): ApiKeyFiles {
  const recordsFile = "platform/api-keys.json";
  const issuedFile = "issued.json";
  const known = secrets.has(recordsFile) ? ApiKeyRecord.array().parse(JSON.parse(secrets.read(recordsFile))) : [];
  const issued = keys.has(issuedFile) ? Issued.parse(JSON.parse(keys.read(issuedFile))) : {};
  const exists = new Set<string | null>([null, ...tenants.map(({ id }) => id)]);
  let kept = known.filter(({ tenant }) => exists.has(tenant));
  const issuedNow: Record<string, string> = {};
  const wanted = [
    ...tenants.map(({ id }) => ({ holder: tenantHolder(id), tenant: id, role: "user" })),
    { holder: "admin", tenant: null, role: "admin" },
    { holder: "auditor", tenant: null, role: "auditor" },
  ];
  for (const { holder, tenant, role } of wanted) {
    const file = keyFile(holder);
    const hash = keys.has(file) ? sha256(keys.read(file)) : undefined;
    let record = kept.find((candidate) => candidate.sha256 === hash);
    if (record === undefined) {
      const fresh = createApiKey({ tenant, role, now, expires: null });
      keys.write(file, fresh.key);
      // The key that this one replaces is lost, and a lost key must not open anything.
      kept = [...kept.filter(({ id }) => id !== issued[holder]), fresh.record];
      record = fresh.record;
    }
    issuedNow[holder] = record.id;
  }
  writeIfChanged(secrets, recordsFile, kept);
  writeIfChanged(keys, issuedFile, issuedNow);
  return Object.fromEntries(wanted.map(({ holder }) => [holder, keys.path(keyFile(holder))]));
}

function writeIfChanged(folder: SecretFolder, name: string, content: unknown): void {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (!folder.has(name) || folder.read(name) !== text) folder.write(name, text);
}

/** 256 random bits as text. */
function token(): string {
  return randomBytes(32).toString("base64url");
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
