import { createHash, randomBytes, randomInt } from "node:crypto";
import type { ApiKeyRecord } from "../settings/services.ts";

const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
const KEY_TEXT = /^bw_([a-z0-9]{8})_[A-Za-z0-9_-]{43}$/;

/** Who a new key acts for and until when. */
export interface CreateApiKey {
  /** The tenant that the key is bound to; null for keys that act across tenants. */
  readonly tenant: string | null;
  readonly role: string;
  readonly now: Date;
  /** Null: never. */
  readonly expires: Date | null;
}

/** Makes one API key: the text for its owner, shown once, and the record for the front door, which cannot be turned back into the key. */
export function createApiKey({ tenant, role, now, expires }: CreateApiKey): { key: string; record: ApiKeyRecord } {
  const id = Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)]).join("");
  const key = `bw_${id}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  const record: ApiKeyRecord = {
    id,
    sha256: hashKey(key),
    tenant,
    role,
    created: now.toISOString(),
    expires: expires === null ? null : expires.toISOString(),
  };
  return { key, record };
}

/** Reads the public id out of a key's text, or undefined when the text is no API key at all. Says nothing about validity. */
export function parseApiKey(text: string): { readonly id: string } | undefined {
  const id = KEY_TEXT.exec(text)?.[1];
  return id === undefined ? undefined : { id };
}

/**
 * The form in which a key is stored: hex SHA-256 of its whole text.
 * A slow hash would add nothing: the key carries 256 random bits, so there is no dictionary to try.
 */
export function hashKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
