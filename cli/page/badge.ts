import { html, type Markup } from "./markup.ts";

/** What a mark says at a glance. Only what was seen to hold is `good`; the words say the rest, so that no colour is needed. */
export type Tone = "good" | "half" | "bad" | "open" | "none";

/** A word or two that stand out. */
export function badge(tone: Tone, text: string): Markup {
  return html`<span class="badge ${tone}">${text}</span>`;
}
