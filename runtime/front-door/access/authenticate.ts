import type { AuthenticationFailure, Keyring, Principal } from "../../identity/index.ts";
import { refusal } from "../errors.ts";

const GOT: Readonly<Record<AuthenticationFailure, string>> = {
  "identity/missing-key": "no key",
  "identity/malformed-key": "something that is no API key",
  "identity/unknown-key": "a key that is not known",
  "identity/expired-key": "an expired key",
  "identity/revoked-key": "a revoked key",
  "identity/unavailable": "a list that may be out of date",
};

/** Who sent this request. @throws Refusal one of `identity/*`. */
export function authenticate(keyring: Keyring, authorization: string | undefined, now: Date): Principal {
  const { principal, failure } = keyring.authenticate(authorization, now);
  if (failure !== undefined) throw refusal(failure, GOT[failure]);
  return principal;
}
