import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { type ExportLag, openAuditLog, verifyAudit } from "../../../../runtime/audit/index.ts";
import { AuditSettings } from "../../../../runtime/settings/services.ts";
import { auditEntry, auditFolder, auditLines, checkpointKeys } from "../../../support/audit-chain.ts";

const { signingKey, publicKey } = checkpointKeys();
const DAY_MS = 86_400_000;

let directory: string;
let keyFile: string;
let clock: number;
beforeEach(() => {
  directory = auditFolder();
  keyFile = join(auditFolder(), "audit-signing-key.pem");
  writeFileSync(keyFile, signingKey.export({ type: "pkcs8", format: "pem" }));
  clock = Date.parse("2026-03-01T00:00:00Z");
});

const settings = (more: Partial<AuditSettings> = {}) =>
  AuditSettings.parse({ directory, signing_key_file: keyFile, ...more });

const deps = (onLag?: (lag: ExportLag) => void) => ({
  writer: "front-door-0",
  now: () => new Date(clock),
  notify: () => {},
  ...(onLag && { onLag }),
});

test("a service's log signs while it runs, and all that it wrote verifies with the public key", async () => {
  const log = await openAuditLog(settings(), deps());
  await log.append(auditEntry());
  const signed = async () => (await verifyAudit(directory, { publicKey })).writers[0]?.checkpointSeq;
  await vi.waitFor(async () => expect(await signed()).toBe(1), { timeout: 5000 });
  await log.append(auditEntry());
  await log.close();
  expect(await verifyAudit(directory, { publicKey })).toMatchObject({ intact: true, records: 2 });
});

test("its records are delivered to the exports of its settings, and the lag goes to zero", async () => {
  const path = join(auditFolder(), "shipped.log");
  const lags: ExportLag[] = [];
  const log = await openAuditLog(
    settings({ exports: [{ kind: "file", name: "archive", path }] }),
    deps((lag) => lags.push(lag)),
  );
  for (let count = 0; count < 3; count += 1) await log.append(auditEntry());
  await vi.waitFor(() => expect(readFileSync(path, "utf8").split("\n")).toHaveLength(4), { timeout: 5000 });
  await log.close();
  expect(readFileSync(path, "utf8")).toBe((await auditLines(directory)).join(""));
  await vi.waitFor(() => expect(lags.at(-1)).toEqual({ name: "archive", records: 0, bytes: 0 }));
});

test("what a crash left of a record is set aside, and that is a record of the log", async () => {
  const first = await openAuditLog(settings(), deps());
  await first.append(auditEntry());
  await first.close();
  appendFileSync(first.path, '{"v":1,"seq":2,"ti');
  await (await openAuditLog(settings(), deps())).close();
  const record = JSON.parse((await auditLines(directory)).at(-1) ?? "");
  expect(record).toMatchObject({ kind: "system", action: "audit:torn-set-aside", target: "18 bytes after seq 1" });
  expect((await verifyAudit(directory, { publicKey })).intact).toBe(true);
});

test("segments older than the retention go when the service starts, and the log still verifies", async () => {
  const first = await openAuditLog(settings({ rotate_bytes: 2000 }), deps());
  for (let count = 0; count < 12; count += 1) await first.append(auditEntry());
  await first.close();
  clock += 31 * DAY_MS;
  const second = await openAuditLog(settings({ retention_days: 30 }), deps());
  await second.append(auditEntry());
  await second.close();
  const report = await verifyAudit(directory, { publicKey });
  expect(report.intact).toBe(true);
  expect(report.writers[0]?.firstSeq).toBeGreaterThan(5);
});

test.each([
  ["no file", () => `${keyFile}.missing`],
  ["no PEM private key", () => join(process.cwd(), "package.json")],
  [
    "a private key of type ec",
    () => {
      const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
      return keyFile;
    },
  ],
])("a signing key file with %s is refused at start", async (got, path) => {
  const opening = openAuditLog(settings({ signing_key_file: path() }), deps());
  await expect(opening).rejects.toThrow(`got ${got}; expected an Ed25519 private key`);
});
