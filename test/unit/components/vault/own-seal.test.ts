import { parseSettings } from "@breakwater/runtime/settings";
import { expect, test } from "vitest";
import { SEAL_FOLDER } from "../../../../components/vault/names.ts";
import { ownSeal } from "../../../../components/vault/own-seal.ts";
import { demandOf } from "../../../../stacks/demand.ts";
import { sectionsOf } from "../../../support/plan.ts";

const demand = demandOf("acme-dgx", parseSettings(sectionsOf("acme-dgx")).settings);
const transit = { ...demand, vaultUnseal: "transit", vaultTransitAddress: "https://vault.acme.internal:8200" } as const;

test("people open the vault where nothing else is said", () => {
  expect(ownSeal(demand)).toEqual({ stanza: "" });
});

test("another vault opens it by a token from a file, under a certificate that is checked", () => {
  const { stanza, secretFiles, ways } = ownSeal(transit);
  expect(stanza).toBe(
    [
      'seal "transit" {',
      '  address = "https://vault.acme.internal:8200"',
      '  key_name = "breakwater-acme-dgx"',
      '  mount_path = "transit/"',
      `  token = "file://${SEAL_FOLDER}/transit-token"`,
      `  tls_ca_cert = "${SEAL_FOLDER}/transit-ca.pem"`,
      "}",
      "",
    ].join("\n"),
  );
  expect(Object.keys(secretFiles ?? {})).toEqual(["transit-token", "transit-ca.pem"]);
  expect(ways).toEqual([{ peers: [{ ipBlock: { cidr: "172.16.0.0/12" } }], port: 8200 }]);
});
