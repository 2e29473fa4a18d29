import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { provideCertificates } from "../../../../tools/secrets/authority.ts";
import { SecretFolder } from "../../../../tools/secrets/files.ts";

const AUTHORITY = { subject: "/CN=authority", certificate: "platform/authority.crt", key: "authority.key" };
const named = (name: string, ...names: string[]) => ({
  subject: `/CN=${name}`,
  certificate: `platform/${name}.crt`,
  key: `platform/${name}.key`,
  names,
});
const ROUTER = named("router", "DNS:router.breakwater.svc.cluster.local");
const CELL = named("cell", "DNS:cell.tenant-a.svc.cluster.local", "IP:127.0.0.1");

let root: string;
let secrets: SecretFolder;
let keys: SecretFolder;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "breakwater-authority-"));
  secrets = new SecretFolder(join(root, "secrets"));
  keys = new SecretFolder(join(root, "keys"));
});
afterEach(() => rmSync(root, { recursive: true }));

function provide(servers = [ROUTER, CELL], inDays = 0): void {
  provideCertificates({ secrets, keys }, AUTHORITY, servers, new Date(Date.now() + inDays * 86_400_000));
}

const certificate = (file: string) => new X509Certificate(secrets.read(file));
const serials = () => [ROUTER, CELL].map((server) => certificate(server.certificate).serialNumber);

test("each server has a certificate for its own names alone, which the authority vouches for", () => {
  provide();
  const authority = certificate(AUTHORITY.certificate);
  const [router, cell] = [certificate(ROUTER.certificate), certificate(CELL.certificate)];
  expect([router.verify(authority.publicKey), cell.verify(authority.publicKey)]).toEqual([true, true]);
  expect(router.checkHost("router.breakwater.svc.cluster.local")).toBeDefined();
  expect(router.checkHost("cell.tenant-a.svc.cluster.local")).toBeUndefined();
  expect(cell.checkIP("127.0.0.1")).toBeDefined();
  expect([authority.ca, router.ca, cell.ca]).toEqual([true, false, false]);
});

test("the authority's key is not among the secrets that are deployed", () => {
  provide();
  expect([secrets.has(AUTHORITY.key), keys.has(AUTHORITY.key)]).toEqual([false, true]);
});

test("a second time changes nothing", () => {
  provide();
  const before = serials();
  provide();
  expect(serials()).toEqual(before);
});

test("a certificate is made anew when fewer than 60 days are left, and not before", () => {
  provide();
  const before = serials();
  provide([ROUTER, CELL], 304);
  expect(serials()).toEqual(before);
  provide([ROUTER, CELL], 306);
  expect(serials().every((serial, index) => serial !== before[index])).toBe(true);
});

test("a server of other names gets another certificate, and the others keep theirs", () => {
  provide();
  const [router, cell] = serials();
  provide([ROUTER, { ...CELL, names: ["DNS:cell.tenant-b.svc.cluster.local"] }]);
  const [routerNow, cellNow] = serials();
  expect([routerNow === router, cellNow === cell]).toEqual([true, false]);
});

test("without its key the authority is made anew, and every certificate with it", () => {
  provide();
  const before = serials();
  keys.remove(AUTHORITY.key);
  provide();
  expect(serials().every((serial, index) => serial !== before[index])).toBe(true);
  expect(certificate(ROUTER.certificate).verify(certificate(AUTHORITY.certificate).publicKey)).toBe(true);
});
