import { interpolate } from "@pulumi/pulumi/output.js";
import type { VaultSeal } from "../platform.ts";
import { ownSeal } from "../vault/own-seal.ts";
import type { PlainContext } from "./context.ts";
import type { Identity } from "./identity.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { POD_IDENTITY_AGENT } from "./ways.ts";

/** With `kms` OpenBao opens itself by a key of its own, as the identity of its own pod. */
export function vaultSealOf(
  { demand }: PlainContext,
  { keys, identity, network }: { readonly keys: Keys; readonly identity: Identity; readonly network: Network },
): VaultSeal {
  if (demand.vaultUnseal !== "kms") return ownSeal(demand);
  return {
    stanza: interpolate`seal "awskms" {\n  region     = "${demand.region}"\n  kms_key_id = "${keys.of("vault").arn}"\n}\n`,
    ways: [
      { peers: network.cidrs("data").map((cidr) => ({ ipBlock: { cidr } })), port: 443 },
      { peers: [{ ipBlock: { cidr: POD_IDENTITY_AGENT } }], port: 80 },
    ],
    env: { AWS_REGION: demand.region },
    dependsOn: [identity.of("vault")],
  };
}
