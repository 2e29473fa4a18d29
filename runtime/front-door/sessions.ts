import { createHmac } from "node:crypto";
import { quote, refusal } from "./errors.ts";

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
 * JSON keeps the three parts apart whatever characters they hold.
 */
export function sessionUser(secret: string, { tenant, keyId }: SessionOwner, conversation: string): string {
  return createHmac("sha256", secret)
    .update(JSON.stringify([tenant, keyId, conversation]))
    .digest("base64url");
}
