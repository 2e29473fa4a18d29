import { createPublicKey, generateKeyPairSync } from "node:crypto";

/** A fresh Ed25519 private key as PEM (PKCS #8). */
export function createSigningKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** The public key, as PEM (SubjectPublicKeyInfo), of a private key in PEM. @throws Error when it is no private key. */
export function publicHalf(privateKey: string): string {
  return createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString();
}
