import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { keyFolder } from "../../tools/secrets/index.ts";
import { createSigningKey, publicHalf } from "../../tools/secrets/signing-keys.ts";

const PRIVATE = "evidence-signing-key";
const PUBLIC = `${PRIVATE}.pub`;

/** The key that signs an environment's evidence; made the first time, never anew while it exists, never deployed. */
export function evidenceKey(environment: string): string {
  const keys = keyFolder(environment);
  keys.provide(PRIVATE, createSigningKey);
  const privateKey = keys.read(PRIVATE);
  const publicKey = publicHalf(privateKey);
  if (!keys.has(PUBLIC) || keys.read(PUBLIC) !== publicKey) keys.write(PUBLIC, publicKey);
  return privateKey;
}

/** The file of the public half on this machine, for those who verify elsewhere. */
export function evidencePublicKeyFile(environment: string): string {
  return keyFolder(environment).path(PUBLIC);
}

/** The key that this machine knows for an environment; undefined where it made none. */
export function knownEvidenceKey(environment: string): KeyObject | undefined {
  // The name comes from a bundle, and becomes a path.
  if (!/^[A-Za-z0-9_-]+$/.test(environment)) return undefined;
  const keys = keyFolder(environment);
  return keys.has(PUBLIC) ? createPublicKey(keys.read(PUBLIC)) : undefined;
}

/** SHA-256 of the key, to be compared with what its owner says by another way. */
export function fingerprint(key: KeyObject): string {
  return `SHA256:${createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64url")}`;
}
