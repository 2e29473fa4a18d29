import { createHmac, timingSafeEqual } from "node:crypto";

/**
 * Carries who began a turn from the front door through a cell to the model router.
 *
 * The router knows a cell by its key, and so the tenant; which API key of that tenant asked, only the front door knows.
 * The token says it and is bound to the tenant and to a time, so that a cell that was taken over can pass the cost of a
 * request only to a key of its own tenant that it has served in the last minutes.
 */
export const PRINCIPAL_HEADER = "x-breakwater-principal";

/** A turn may take this long at most, with room for clocks that differ. */
const VALID_SECONDS = 600;
/** A token is made once for so long and used for every turn of the key. */
const REUSED_SECONDS = 60;
/** More keys than this in one minute are signed each time. */
const MAX_KEPT = 10_000;

const TOKEN = /^([a-z0-9]{8})\.([0-9a-z]{1,9})\.([A-Za-z0-9_-]{22})$/;

/** Makes the tokens; the front door has one. */
export class PrincipalSigner {
  readonly #secret: string;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, { readonly token: string; readonly untilMs: number }>();

  /** @param nowMs wall clock in milliseconds: the router compares with its own. */
  constructor(secret: string, nowMs: () => number) {
    this.#secret = secret;
    this.#nowMs = nowMs;
  }

  token(tenant: string, keyId: string): string {
    const nowMs = this.#nowMs();
    const name = `${tenant} ${keyId}`;
    const kept = this.#kept.get(name);
    if (kept !== undefined && nowMs < kept.untilMs) return kept.token;
    const expiry = (Math.floor(nowMs / 1000) + VALID_SECONDS).toString(36);
    const token = `${keyId}.${expiry}.${mac(this.#secret, tenant, keyId, expiry).toString("base64url")}`;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(name, { token, untilMs: nowMs + REUSED_SECONDS * 1000 });
    return token;
  }
}

/** Reads the tokens; each router has one. */
export class PrincipalReader {
  readonly #secret: string;
  readonly #nowMs: () => number;

  constructor(secret: string, nowMs: () => number) {
    this.#secret = secret;
    this.#nowMs = nowMs;
  }

  /** The API key that a token proves for this tenant; undefined when it proves nothing. */
  keyId(tenant: string, token: string | undefined): string | undefined {
    const [, keyId, expiry, sent] = TOKEN.exec(token ?? "") ?? [];
    if (keyId === undefined || expiry === undefined || sent === undefined) return undefined;
    if (Number.parseInt(expiry, 36) * 1000 < this.#nowMs()) return undefined;
    const proof = Buffer.from(sent, "base64url");
    return timingSafeEqual(proof, mac(this.#secret, tenant, keyId, expiry)) ? keyId : undefined;
  }
}

/** 128 bits are enough for a proof that lives for minutes. */
function mac(secret: string, tenant: string, keyId: string, expiry: string): Buffer {
  return createHmac("sha256", secret)
    .update(JSON.stringify([tenant, keyId, expiry]))
    .digest()
    .subarray(0, 16);
}
