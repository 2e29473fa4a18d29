import { interpolate } from "@pulumi/pulumi/output.js";
import type { Demand } from "../demand.ts";
import type { VaultSeal } from "../platform.ts";
import { ownSeal } from "../vault/own-seal.ts";
import type { Keys } from "./keys.ts";
import { CLOUD_INTERNAL_CIDR, METADATA_CIDR, peersAt } from "./network.ts";

/**
 * Who opens OpenBao after a restart. With `kms` it is the environment's key store: OpenBao's `alicloudkms` seal knows keys
 * in its file, in its environment, or the role of the node it runs on (openbao/go-kms-wrapping, read 2026-11-24), and no
 * role of a pod. So it is the role of the system pool's nodes, which has the right to this one key.
 */
export function vaultSeal(demand: Demand, keys: Keys): VaultSeal {
  const { region } = demand;
  switch (demand.vaultUnseal) {
    case "kms":
      return {
        stanza: interpolate`seal "alicloudkms" {
  region     = "${region}"
  domain     = "kms-vpc.${region}.aliyuncs.com"
  kms_key_id = "${keys.of("vault").id}"
}`,
        ways: [
          { peers: peersAt([METADATA_CIDR]), port: 80 },
          { peers: peersAt([CLOUD_INTERNAL_CIDR]), port: 443 },
        ],
      };
    case "transit":
    case "shamir":
      return ownSeal(demand);
  }
}
