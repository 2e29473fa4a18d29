import { refuse } from "@breakwater/runtime/problems";

/**
 * The two programs in the image. OpenBao 2.7 has no cloud's key service built in any more: `seal "awskms"` and
 * `seal "alicloudkms"` end it with "unknown wrapper" (2.7.2, run 2026-11-24). 2.6.2 has both, with a warning.
 */
export const RELEASES = {
  current: { version: "2.7.2", program: "/opt/openbao/2.7.2/bao" },
  cloudSeals: { version: "2.6.2", program: "/opt/openbao/2.6.2/bao" },
} as const;

/** One release of OpenBao in the image. */
export type Release = (typeof RELEASES)[keyof typeof RELEASES];

/** Which release has which seal built in, each tried with its program. */
const SEALS: Readonly<Record<string, Release>> = {
  static: RELEASES.current,
  transit: RELEASES.current,
  kmip: RELEASES.current,
  awskms: RELEASES.cloudSeals,
  alicloudkms: RELEASES.cloudSeals,
  azurekeyvault: RELEASES.cloudSeals,
  gcpckms: RELEASES.cloudSeals,
  ocikms: RELEASES.cloudSeals,
};

/**
 * The release that can open a vault under this seal.
 *
 * @param stanza as `VaultSeal.stanza` has it; empty for Shamir.
 * @throws ProblemError `vault/unknown-seal` when neither release has it.
 */
export function releaseFor(stanza: string): Release {
  if (stanza.trim() === "") return RELEASES.current;
  const kind = /^\s*seal\s+"([^"]+)"\s*\{/m.exec(stanza)?.[1];
  const release = kind === undefined ? undefined : SEALS[kind];
  if (release !== undefined) return release;
  return refuse({
    code: "vault/unknown-seal",
    path: "platform.vaultSeal.stanza",
    got: kind === undefined ? "no seal stanza" : `seal "${kind}"`,
    expected: `one of ${Object.keys(SEALS).join(", ")}, or an empty text for Shamir`,
    remedy: "choose a seal that OpenBao has built in",
  });
}
