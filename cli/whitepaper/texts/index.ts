import { en, type Texts } from "./en.ts";
import { ko } from "./ko.ts";
import { zh } from "./zh.ts";

export const LANGUAGES = ["en", "zh", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The texts of each language. */
export const TEXTS: Readonly<Record<Language, Texts>> = { en, zh, ko };

/** What a page says of its own language. */
export const LANGUAGE_TAGS: Readonly<Record<Language, string>> = { en: "en", zh: "zh-Hans", ko: "ko" };
