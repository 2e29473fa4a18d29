import { createPublicKey, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";

/**
 * The key that checks checkpoints. A private key does as well: its public half is taken.
 * @throws ProblemError `audit/bad-public-key`
 */
export function readPublicKey(path: string): KeyObject {
  try {
    const key = createPublicKey(readFileSync(path));
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch (cause) {
    refuseKey(
      path,
      cause instanceof Error && "code" in cause && cause.code === "ENOENT" ? "no file" : "no PEM key",
      cause,
    );
  }
  return refuseKey(path, "a key of another type", undefined);
}

function refuseKey(path: string, got: string, cause: unknown): never {
  return refuse(
    {
      code: "audit/bad-public-key",
      path,
      got,
      expected: "an Ed25519 public key, PEM",
      remedy: "take it from the signing key with `openssl pkey -pubout`",
    },
    { cause },
  );
}
