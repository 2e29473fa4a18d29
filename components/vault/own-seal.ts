import type { Demand } from "../demand.ts";
import type { VaultSeal } from "../platform.ts";
import { SEAL_FOLDER } from "./names.ts";

/**
 * Who opens the vault where no cloud's key service does: people with shares of its key, or another vault of the company by
 * its transit engine, somewhere in the company's network, by a token that is a file.
 */
export function ownSeal({ vaultUnseal, vaultTransitAddress, environment, network }: Demand): VaultSeal {
  if (vaultUnseal !== "transit" || vaultTransitAddress === undefined) return { stanza: "" };
  const stanza = sealStanza("transit", {
    address: vaultTransitAddress,
    key_name: `breakwater-${environment}`,
    mount_path: "transit/",
    // Of a period without an end of its own: the vault renews it.
    token: `file://${SEAL_FOLDER}/transit-token`,
    tls_ca_cert: `${SEAL_FOLDER}/transit-ca.pem`,
  });
  const { port } = new URL(vaultTransitAddress);
  return {
    stanza,
    secretFiles: {
      "transit-token": "platform/vault-transit-token",
      "transit-ca.pem": "platform/vault-transit-ca.pem",
    },
    ways: [
      { peers: network.companyCidrs.map((cidr) => ({ ipBlock: { cidr } })), port: port === "" ? 443 : Number(port) },
    ],
  };
}

/** A `seal` stanza in HCL. */
export function sealStanza(kind: "static" | "transit", attributes: Readonly<Record<string, string>>): string {
  const lines = Object.entries(attributes).map(([key, value]) => `  ${key} = ${JSON.stringify(value)}`);
  return [`seal "${kind}" {`, ...lines, "}", ""].join("\n");
}
