import { hash, randomBytes, randomInt } from "node:crypto";
import type { ApiKeyRecord, Limits } from "../settings/services.ts";

const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 8;
const SECRET_BYTES = 32;
const PREFIX = "bw_";
const ID_END = PREFIX.length + ID_LENGTH;
const SECRET_START = ID_END + 1;
/** Characters of every API key. */
export const KEY_LENGTH = SECRET_START + 43;
const UNDERSCORE = 95;
const HYPHEN = 45;

/** Who a new key acts for and until when. */
export interface CreateApiKey {
  /** The tenant that the key is bound to; null for keys that act across tenants. */
  readonly tenant: string | null;
  readonly role: string;
  readonly now: Date;
  /** Null: never. */
  readonly expires: Date | null;
  /** For people: whose key it is. */
  readonly label?: string | null;
  /** What is left out is not limited by the key itself. */
  readonly limits?: Limits;
}

/** Makes one API key: the text for its owner, shown once, and the record for the front door, which cannot be turned back into the key. */
export function createApiKey(options: CreateApiKey): { key: string; record: ApiKeyRecord } {
  const { tenant, role, now, expires, label = null, limits = {} } = options;
  const id = Array.from({ length: ID_LENGTH }, () => ID_ALPHABET[randomInt(ID_ALPHABET.length)]).join("");
  const key = `${PREFIX}${id}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  const record: ApiKeyRecord = {
    id,
    sha256: hashKey(key),
    tenant,
    role,
    label,
    limits,
    created: now.toISOString(),
    expires: expires === null ? null : expires.toISOString(),
  };
  return { key, record };
}

/** Reads the public id out of a key's text, or undefined when the text is no API key at all. Says nothing about validity. */
export function parseApiKey(text: string): { readonly id: string } | undefined {
  const id = keyId(text);
  return id === undefined ? undefined : { id };
}

/** {@link parseApiKey} without the object: it runs once a request, and a regular expression takes three times as long. */
export function keyId(text: string): string | undefined {
  if (text.length !== KEY_LENGTH || !text.startsWith(PREFIX) || text.charCodeAt(ID_END) !== UNDERSCORE)
    return undefined;
  for (let at = PREFIX.length; at < ID_END; at++) {
    const char = text.charCodeAt(at);
    if (!(isLower(char) || isDigit(char))) return undefined;
  }
  for (let at = SECRET_START; at < KEY_LENGTH; at++) {
    const char = text.charCodeAt(at);
    if (!(isLower(char) || isUpper(char) || isDigit(char) || char === UNDERSCORE || char === HYPHEN)) return undefined;
  }
  return text.slice(PREFIX.length, ID_END);
}

function isLower(char: number): boolean {
  return char >= 97 && char <= 122;
}

function isUpper(char: number): boolean {
  return char >= 65 && char <= 90;
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

/**
 * The form in which a key is stored: hex SHA-256 of its whole text.
 * A slow hash would add nothing: the key carries 256 random bits, so there is no dictionary to try.
 */
export function hashKey(key: string): string {
  return hash("sha256", key, "hex");
}
