import { execFileSync } from "node:child_process";
import { createHash, sign, verify } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { createApiKey, Keyring } from "../../../../runtime/identity/index.ts";
import { environmentDir } from "../../../../tools/paths.ts";
import { auditPublicKeyFile, ensureSecrets, keyFolder, secretFolder } from "../../../../tools/secrets/index.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const LATER = new Date("2026-12-23T12:00:00Z");

const homes: string[] = [];
beforeEach(() => {
  const home = mkdtempSync(join(tmpdir(), "breakwater-secrets-"));
  homes.push(home);
  vi.stubEnv("XDG_STATE_HOME", home);
});
afterAll(() => {
  vi.unstubAllEnvs();
  for (const home of homes) rmSync(home, { recursive: true });
});

const tenant = (id: string) => ({ id, sandbox: { host: `sandbox.tenant-${id}.svc.cluster.local`, port: 2222 } });
const TENANTS = [tenant("marketing"), tenant("engineering")];

function files(): readonly string[] {
  const root = environmentDir("local");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function contents(): Readonly<Record<string, string>> {
  const root = environmentDir("local");
  return Object.fromEntries(files().map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

function records() {
  return JSON.parse(secretFolder("local").read("platform/api-keys.json")) as { tenant: string | null; role: string }[];
}

function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

test("an environment gets exactly the files that its parts mount", () => {
  ensureSecrets("local", [tenant("marketing")], NOW);
  expect(files()).toEqual(
    [
      "keys/admin.key",
      "keys/audit-signing-key-front-door.pub",
      "keys/audit-signing-key-router.pub",
      "keys/auditor.key",
      "keys/issued.json",
      "keys/tenant-marketing.key",
      "secrets/platform/api-keys.json",
      "secrets/platform/audit-signing-key-front-door",
      "secrets/platform/audit-signing-key-router",
      "secrets/platform/postgres-front-door-password",
      "secrets/platform/postgres-router-password",
      "secrets/platform/principal-secret",
      "secrets/platform/router-tenant-keys.json",
      "secrets/platform/session-secret",
      "secrets/tenants/marketing/gateway-token",
      "secrets/tenants/marketing/known_hosts",
      "secrets/tenants/marketing/router-key",
      "secrets/tenants/marketing/sandbox-authorized-keys",
      "secrets/tenants/marketing/sandbox-host-key",
      "secrets/tenants/marketing/ssh-key",
    ].sort(),
  );
});

test("files are for their owner alone, and so are the folders", () => {
  const umask = process.umask(0o000);
  try {
    ensureSecrets("local", TENANTS, NOW);
  } finally {
    process.umask(umask);
  }
  const root = environmentDir("local");
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const mode = (statSync(path).mode & 0o777).toString(8);
    expect([relative(root, path), mode]).toEqual([relative(root, path), entry.isDirectory() ? "700" : "600"]);
  }
});

test("a second run changes nothing, at any later time", () => {
  const first = ensureSecrets("local", TENANTS, NOW);
  const before = contents();
  expect(ensureSecrets("local", TENANTS, LATER)).toEqual(first);
  expect(contents()).toEqual(before);
});

test("a new tenant changes no secret of those that exist", () => {
  ensureSecrets("local", TENANTS, NOW);
  const before = contents();
  ensureSecrets("local", [...TENANTS, tenant("sales")], LATER);
  const after = contents();
  const changed = Object.keys(before).filter((file) => before[file] !== after[file]);
  expect(changed).toEqual([
    "keys/issued.json",
    "secrets/platform/api-keys.json",
    "secrets/platform/router-tenant-keys.json",
  ]);
});

test.each([
  ["ssh-key", ["sandbox-authorized-keys", "ssh-key"]],
  ["sandbox-authorized-keys", ["sandbox-authorized-keys", "ssh-key"]],
  ["sandbox-host-key", ["known_hosts", "sandbox-host-key"]],
  ["known_hosts", ["known_hosts", "sandbox-host-key"]],
])("without %s both halves of its pair are made anew and nothing else", (lost, remade) => {
  ensureSecrets("local", TENANTS, NOW);
  const before = contents();
  rmSync(secretFolder("local").path(`tenants/marketing/${lost}`));
  ensureSecrets("local", TENANTS, LATER);
  const after = contents();
  const changed = Object.keys(after).filter((file) => before[file] !== after[file]);
  expect(changed).toEqual(remade.map((name) => `secrets/tenants/marketing/${name}`));
});

/** The public half of a private key file, from OpenSSH itself. */
function publicHalf(name: string): string {
  const path = secretFolder("local").path(name);
  return execFileSync("ssh-keygen", ["-y", "-f", path], { encoding: "utf8" }).trim().split(" ").slice(0, 2).join(" ");
}

test("a sandbox admits its cell's key, restricted, and a cell knows its sandbox by host and port", () => {
  ensureSecrets("local", TENANTS, NOW);
  const secrets = secretFolder("local");
  for (const { id, sandbox } of TENANTS) {
    const at = (name: string) => `tenants/${id}/${name}`;
    expect(secrets.read(at("sandbox-authorized-keys"))).toBe(`restrict,pty ${publicHalf(at("ssh-key"))}\n`);
    expect(secrets.read(at("known_hosts"))).toBe(`[${sandbox.host}]:2222 ${publicHalf(at("sandbox-host-key"))}\n`);
  }
});

test("no two tenants share a secret", () => {
  ensureSecrets("local", TENANTS, NOW);
  const own = Object.entries(contents()).filter(([file]) => file.startsWith("secrets/tenants/"));
  expect(new Set(own.map(([, content]) => content)).size).toBe(own.length);
  expect(own).toHaveLength(12);
});

test("each key authenticates as its holder and as nobody else", () => {
  const keyFiles = ensureSecrets("local", TENANTS, NOW);
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  const who = Object.entries(keyFiles).map(([holder, file]) => {
    const { principal } = keyring.authenticate(`Bearer ${readFileSync(file, "utf8")}`, LATER);
    return [holder, principal?.tenant, principal?.role];
  });
  expect(who).toEqual([
    ["tenant-marketing", "marketing", "user"],
    ["tenant-engineering", "engineering", "user"],
    ["admin", null, "admin"],
    ["auditor", null, "auditor"],
  ]);
});

test.each(["admin", "auditor"])("a tenant called %s does not take the key of that office", (id) => {
  const keyFiles = ensureSecrets("local", [tenant(id)], NOW);
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  expect(
    records()
      .map(({ tenant: bound, role }) => `${bound} ${role}`)
      .sort(),
  ).toEqual([`${id} user`, "null admin", "null auditor"].sort());
  const roles = Object.values(keyFiles).map((file) => {
    return keyring.authenticate(`Bearer ${readFileSync(file, "utf8")}`, NOW).principal?.role;
  });
  expect([...roles].sort()).toEqual(["admin", "auditor", "user"]);
});

test("the key of a tenant that is gone opens nothing, and the others' keys still do", () => {
  ensureSecrets("local", TENANTS, NOW);
  const gone = keyFolder("local").read("tenant-marketing.key");
  const kept = keyFolder("local").read("tenant-engineering.key");
  ensureSecrets("local", [tenant("engineering")], LATER);
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  expect(keyring.authenticate(`Bearer ${gone}`, LATER).failure).toBe("identity/unknown-key");
  expect(keyring.authenticate(`Bearer ${kept}`, LATER).principal?.tenant).toBe("engineering");
  expect(records().map(({ tenant: bound }) => bound)).toEqual(["engineering", null, null]);
  expect(Object.keys(JSON.parse(secretFolder("local").read("platform/router-tenant-keys.json")) as object)).toEqual([
    "engineering",
  ]);
});

test("a lost key file is replaced by a key that works", () => {
  ensureSecrets("local", TENANTS, NOW);
  const lost = keyFolder("local").read("tenant-marketing.key");
  rmSync(keyFolder("local").path("tenant-marketing.key"));
  ensureSecrets("local", TENANTS, LATER);
  const fresh = keyFolder("local").read("tenant-marketing.key");
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  expect(fresh).not.toBe(lost);
  expect(keyring.authenticate(`Bearer ${fresh}`, LATER).principal?.tenant).toBe("marketing");
});

test("a key whose file is lost opens nothing any more once it is replaced", () => {
  ensureSecrets("local", TENANTS, NOW);
  const lost = keyFolder("local").read("tenant-marketing.key");
  rmSync(keyFolder("local").path("tenant-marketing.key"));
  ensureSecrets("local", TENANTS, LATER);
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  expect(keyring.authenticate(`Bearer ${lost}`, LATER).failure).toBe("identity/unknown-key");
});

test("a key that was issued in another way still opens its tenant after a lost key is replaced", () => {
  ensureSecrets("local", TENANTS, NOW);
  const other = createApiKey({ tenant: "marketing", role: "user", now: NOW, expires: null });
  secretFolder("local").write("platform/api-keys.json", JSON.stringify([...records(), other.record]));
  rmSync(keyFolder("local").path("tenant-marketing.key"));
  ensureSecrets("local", TENANTS, LATER);
  const keyring = Keyring.parse(secretFolder("local").read("platform/api-keys.json"), "api-keys.json");
  expect(keyring.authenticate(`Bearer ${other.key}`, LATER).principal?.tenant).toBe("marketing");
});

test("the list of issued keys names each holder's record and holds no key", () => {
  const keyFiles = ensureSecrets("local", TENANTS, NOW);
  const issued = JSON.parse(keyFolder("local").read("issued.json")) as Record<string, string>;
  const ids = Object.entries(keyFiles).map(([holder, file]) => [holder, readFileSync(file, "utf8").slice(3, 11)]);
  expect(issued).toEqual(Object.fromEntries(ids));
});

test("the router knows the hash of each cell's key and not the key", () => {
  ensureSecrets("local", TENANTS, NOW);
  const secrets = secretFolder("local");
  const known = TENANTS.map(({ id }) => [id, fingerprint(secrets.read(`tenants/${id}/router-key`))]);
  expect(JSON.parse(secrets.read("platform/router-tenant-keys.json"))).toEqual(Object.fromEntries(known));
});

test("what a service signs is verified with the public key beside the API keys, and with no other", () => {
  ensureSecrets("local", TENANTS, NOW);
  const message = Buffer.from("checkpoint");
  const verifies = (signer: string, service: "front-door" | "router") => {
    const signature = sign(null, message, secretFolder("local").read(`platform/audit-signing-key-${signer}`));
    return verify(null, message, keyFolder("local").read(auditPublicKeyFile(service)), signature);
  };
  expect([verifies("front-door", "front-door"), verifies("router", "router")]).toEqual([true, true]);
  expect([verifies("front-door", "router"), verifies("router", "front-door")]).toEqual([false, false]);
});

test("a lost public key is made again from the private one, which stays as it is", () => {
  ensureSecrets("local", TENANTS, NOW);
  const before = contents();
  rmSync(keyFolder("local").path(auditPublicKeyFile("router")));
  ensureSecrets("local", TENANTS, LATER);
  expect(contents()).toEqual(before);
});

test("front door and model router come to the database with passwords of their own", () => {
  ensureSecrets("local", TENANTS, NOW);
  const passwords = ["front-door", "router"].map((user) =>
    secretFolder("local").read(`platform/postgres-${user}-password`),
  );
  expect(new Set(passwords).size).toBe(2);
  for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("an API key stands in its holder's file and nowhere else", () => {
  const keyFiles = ensureSecrets("local", TENANTS, NOW);
  const everything = Object.entries(contents());
  for (const [holder, file] of Object.entries(keyFiles)) {
    const key = readFileSync(file, "utf8").trim();
    const secret = key.slice("bw_12345678_".length);
    expect(secret).toHaveLength(43);
    const holding = everything.filter(([, content]) => content.includes(key) || content.includes(secret));
    expect(holding.map(([name]) => name)).toEqual([`keys/${holder}.key`]);
  }
});
