import { createHmac, type KeyObject } from "node:crypto";
import { quote, refusal } from "../errors.ts";

/** The owner of a conversation: a conversation id means nothing without it. */
export interface SessionOwner {
  readonly tenant: string;
  readonly keyId: string;
}

// Visible ASCII, because the id goes back in a response header.
const CONVERSATION = /^[\x21-\x7e]{1,128}$/;

/**
 * The conversation that a request continues: the header, else the body's `user`, else a new one.
 * @throws Refusal `request/invalid-conversation`.
 */
export function conversationOf(header: string | undefined, user: string | undefined, fresh: () => string): string {
  const named = header ?? user;
  if (named === undefined) return fresh();
  if (!CONVERSATION.test(named)) throw refusal("request/invalid-conversation", quote(named));
  return named;
}

/**
 * The `user` value that the cell keeps the conversation under. In OpenClaw whoever knows that value has the conversation
 * (measured 2026-11-23 on 2026.9.6), so it is keyed: nobody can compute or choose another principal's.
 * JSON keeps the three parts apart whatever characters they hold. In hex, because OpenClaw writes it in lower case into
 * its own records, which are joined with ours by it.
 */
export function sessionUser(secret: KeyObject, { tenant, keyId }: SessionOwner, conversation: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([tenant, keyId, conversation]))
    .digest("hex");
}

/** Conversations whose session is remembered: twice this many at most, some 200 bytes each. */
const REMEMBERED = 8192;

/**
 * {@link sessionUser} for the hot path: a conversation goes on for many turns, and its HMAC costs more than everything
 * else that is decided about a turn. Two generations bound the memory: when the young one is full it becomes the old one.
 */
export class SessionUsers {
  readonly #secret: KeyObject;
  #young = new Map<string, string>();
  #old = new Map<string, string>();

  constructor(secret: KeyObject) {
    this.#secret = secret;
  }

  of(owner: SessionOwner, conversation: string): string {
    // Neither ids of tenants nor of keys hold a space, so no two triples share a text.
    const name = `${owner.tenant} ${owner.keyId} ${conversation}`;
    const young = this.#young.get(name);
    if (young !== undefined) return young;
    const user = this.#old.get(name) ?? sessionUser(this.#secret, owner, conversation);
    if (this.#young.size >= REMEMBERED) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(name, user);
    return user;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
