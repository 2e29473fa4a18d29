import { isUtf8 } from "node:buffer";

/** Bytes, one a character, as text. @throws Error when they are no UTF-8. */
export function utf8(latin1: string): string {
  if (!NOT_ASCII.test(latin1)) return latin1;
  const buffer = Buffer.from(latin1, "latin1");
  if (!isUtf8(buffer)) throw new Error("an event of a stream is not UTF-8");
  return buffer.toString("utf8");
}

/** Text as its bytes, one a character. */
export function bytes(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, "utf8").toString("latin1") : text;
}

const NOT_ASCII = /[\u0080-\uffff]/;
