import { expect, test } from "vitest";
import type { PodRole } from "../../../../components/tencent/identity.ts";
import { vaultSealOf } from "../../../../components/tencent/vault-seal.ts";
import { SEAL_FOLDER } from "../../../../components/vault/names.ts";
import { contextFor } from "./sample.ts";

const snapshots = { annotations: { role: "arn" }, granted: {} } as unknown as PodRole;

test("the vault opens with a key from a file, and its configuration holds no key", () => {
  const seal = vaultSealOf(contextFor(), snapshots);
  expect(seal.stanza).toBe(
    `seal "static" {\n  current_key_id = "breakwater-1"\n  current_key = "file://${SEAL_FOLDER}/seal-key"\n}\n`,
  );
  expect(seal.secretFiles).toEqual({ "seal-key": "platform/vault-seal-key" });
});

test("another vault opens it where the environment says so: by a token from a file, over TLS, in the company's network", () => {
  const change = { vaultUnseal: "transit", vaultTransitAddress: "https://vault.company.com:8200" } as const;
  const seal = vaultSealOf(contextFor(change), snapshots);
  expect(seal.stanza).toContain('address = "https://vault.company.com:8200"');
  expect(seal.stanza).toContain(`token = "file://${SEAL_FOLDER}/transit-token"`);
  expect(seal.stanza).toContain(`tls_ca_cert = "${SEAL_FOLDER}/transit-ca.pem"`);
  expect(seal.secretFiles).toEqual({
    "transit-token": "platform/vault-transit-token",
    "transit-ca.pem": "platform/vault-transit-ca.pem",
  });
  expect(seal.ways).toEqual([{ peers: [{ ipBlock: { cidr: "10.0.0.0/10" } }], port: 8200 }]);
});

test("people open it where the environment says so", () => {
  expect(vaultSealOf(contextFor({ vaultUnseal: "shamir" }), snapshots)).toMatchObject({ stanza: "" });
});

test("its servers have their right to leave snapshots", () => {
  expect(vaultSealOf(contextFor(), snapshots).serviceAccountAnnotations).toEqual({ role: "arn" });
});
