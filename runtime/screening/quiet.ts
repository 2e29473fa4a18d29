import { mayBeBase64 } from "./base64.ts";
import { ALNUM, KIND, PROSE } from "./characters.ts";
import { mayBeginIban } from "./iban.ts";
import { mayBecomeSecret, mayBeNamed } from "./secrets.ts";

/** Whether `text` from `from` on is prose with no digit, and its last word can begin nothing that detectors know. */
export function isQuiet(text: string, from: number): boolean {
  const { length } = text;
  for (let index = from; index < length; index += 1) {
    if (((KIND[text.charCodeAt(index)] as number) & PROSE) === 0) return false;
  }
  let word = length;
  while (word > 0 && isAlnum(text, word - 1)) word -= 1;
  if (word === length) return true;
  return (
    !mayBecomeSecret(text, word, false) &&
    !mayBeBase64(text, word, length) &&
    !mayBeginIban(text, word) &&
    !mayBeNamed(text, word)
  );
}

function isAlnum(text: string, at: number): boolean {
  return ((KIND[text.charCodeAt(at)] as number) & ALNUM) !== 0;
}
