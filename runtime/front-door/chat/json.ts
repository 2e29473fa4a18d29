import { isUtf8 } from "node:buffer";
import { refusal } from "../errors.ts";

/** Text in which a forbidden key could be: the words themselves, or escapes that could spell them. */
const SUSPICIOUS = ["__proto__", "constructor", "\\u"] as const;

/**
 * Reads a request's body. Keys that could change a prototype are refused wherever they are: nothing here copies them,
 * but what we send on would be read by others.
 * @throws Refusal `request/invalid-json`.
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) throw refusal("request/invalid-json", "an empty body");
  if (!isUtf8(bytes)) throw refusal("request/invalid-json", "bytes that are no UTF-8");
  const text = bytes.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Without the parser's error: it quotes the text.
    throw refusal("request/invalid-json", "text that is no JSON");
  }
  if (SUSPICIOUS.some((word) => text.includes(word)) && hasForbiddenKey(value)) {
    throw refusal("request/invalid-json", "a forbidden key");
  }
  return value;
}

/** Walks without recursion: what is nested a million deep must not exhaust the stack. */
function hasForbiddenKey(root: unknown): boolean {
  const open: unknown[] = [root];
  while (open.length > 0) {
    const value = open.pop();
    if (typeof value !== "object" || value === null) continue;
    if (Array.isArray(value)) {
      for (const item of value) open.push(item);
      continue;
    }
    if (Object.hasOwn(value, "__proto__")) return true;
    for (const [key, inner] of Object.entries(value)) {
      if (key === "constructor" && typeof inner === "object" && inner !== null && Object.hasOwn(inner, "prototype")) {
        return true;
      }
      open.push(inner);
    }
  }
  return false;
}
