import type { Tone } from "./badge.ts";
import { html, type Markup } from "./markup.ts";

/** One figure that a reader wants before all else. */
export interface Tile {
  readonly label: string;
  readonly figure: string;
  readonly says: string;
  readonly tone: Tone;
  /** Id of the section that has the rest. */
  readonly to: string;
}

/** The verdict of a page: what counts, in a row of figures that lead to their sections. */
export function tiles(all: readonly Tile[]): Markup {
  return html`<ul class="tiles">${all.map(
    ({ label, figure, says, tone, to }) =>
      html`<li class="${tone}"><p><a href="#${to}">${label}</a></p><p class="figure">${figure}</p><p>${says}</p></li>
`,
  )}</ul>`;
}
