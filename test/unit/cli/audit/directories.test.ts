import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { auditVolumes } from "../../../../cli/audit/directories.ts";
import { SecretFolder } from "../../../../tools/secrets/files.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the audit volumes are told by their claims in the platform's namespace, each with its own key, and nobody else's are taken for them", () => {
  const volume = (namespace: string, name: string, path: string) => ({
    spec: { claimRef: { namespace, name }, local: { path } },
  });
  const volumes = [
    volume("breakwater", "audit", "/volumes/pvc-1"),
    volume("tenant-marketing", "audit", "/volumes/pvc-2"),
    volume("breakwater", "router-audit", "/volumes/pvc-3"),
    volume("breakwater", "database", "/volumes/pvc-4"),
    { spec: { claimRef: { namespace: "breakwater", name: "audit" } } },
  ];
  const keyFile = join(folder, "audit-signing-key-router.pub");
  writeFileSync(keyFile, "a public key");
  expect(auditVolumes(volumes, new SecretFolder(folder))).toEqual([
    { service: "front door", directory: "/volumes/pvc-1" },
    { service: "model router", directory: "/volumes/pvc-3", publicKeyFile: keyFile },
  ]);
});
