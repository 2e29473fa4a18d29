import { EN } from "./en.ts";
import { KO } from "./ko.ts";
import type { Language, Words } from "./words.ts";
import { ZH } from "./zh.ts";

export type { Language, Words } from "./words.ts";

/** The texts of each language. */
export const WORDS: Readonly<Record<Language, Words>> = { en: EN, zh: ZH, ko: KO };

/** A text with its `{name}`s put in. @throws Error for a name that nobody gives. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nobody says what {${name}} is in ${JSON.stringify(text)}`);
    return String(value);
  });
}
