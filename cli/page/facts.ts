import { html, type Markup } from "./markup.ts";

/**
 * What something comes down to: a label and one or more lines each.
 *
 * @param layout `grid`: short ones beside each other; `rows`: one below the other. @default "grid"
 */
export function facts(
  pairs: readonly (readonly [label: string, value: string | readonly (string | Markup)[]])[],
  layout: "grid" | "rows" = "grid",
): Markup {
  const one = (value: string | Markup) => html`<dd>${value}</dd>`;
  return html`<dl class="facts ${layout}">${pairs.map(
    ([label, value]) =>
      html`<div><dt>${label}</dt>${typeof value === "string" ? one(value) : value.map(one)}</div>
`,
  )}</dl>`;
}
