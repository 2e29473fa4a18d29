import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Language } from "./words/index.ts";

const file = z.strictObject({
  /** How the titles came to be in that language. */
  translation: z.string(),
  titles: z.record(z.string(), z.string().min(1)),
});

/** Titles of rules by id, in a language other than the catalogue's; nothing for English. */
export function titlesIn(language: Language): Readonly<Record<string, string>> {
  if (language === "en") return {};
  return file.parse(JSON.parse(readFileSync(new URL(`./titles.${language}.json`, import.meta.url), "utf8"))).titles;
}
