import type { VaultSeal } from "../platform.ts";
import { SEAL_FOLDER } from "../vault/names.ts";
import { ownSeal, sealStanza } from "../vault/own-seal.ts";
import type { TencentContext } from "./context.ts";
import type { PodRole } from "./identity.ts";

/** Key of the seal in its Secret, and its name in OpenBao: a new one gets a new name. */
const STATIC_KEY = "seal-key";
const STATIC_KEY_NAME = "breakwater-1";

/**
 * Who opens the vault after a restart. OpenBao has no seal for Tencent Cloud's KMS: built in are static, transit, kmip and
 * Shamir, and plugins exist for the key services of AWS, Alibaba, Azure, Google and Oracle (2.7.2, 2026-11-24). So `kms`
 * means `static` here: a key of 32 bytes from a secret file of the environment, delivered as a Secret, which the cluster
 * encrypts with the company's key in KMS before it is written. Static, and not transit, because transit asks for a second
 * vault, which somebody has to open.
 * It is weaker than a key that never leaves KMS: who may read Secrets of the namespace `vault` can read the key.
 */
export function vaultSealOf({ demand }: TencentContext, snapshots: PodRole): VaultSeal {
  const base = { serviceAccountAnnotations: snapshots.annotations, dependsOn: [snapshots.granted] };
  switch (demand.vaultUnseal) {
    case "shamir":
    case "transit":
      return { ...base, ...ownSeal(demand) };
    case "kms":
      return {
        ...base,
        stanza: sealStanza("static", {
          current_key_id: STATIC_KEY_NAME,
          current_key: `file://${SEAL_FOLDER}/${STATIC_KEY}`,
        }),
        secretFiles: { [STATIC_KEY]: "platform/vault-seal-key" },
      };
  }
}
