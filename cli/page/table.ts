import { html, type Markup } from "./markup.ts";

/** A column of a table. */
export interface Column {
  readonly head: string;
  /** Stands to the right, with figures of one width. */
  readonly number?: boolean;
}

type Cell = string | Markup;

/** A table whose rows are cards on a phone; a card's first cell is its heading, the others have their column's name. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], total?: readonly Cell[]): Markup {
  const kind = (index: number) => (columns[index]?.number === true ? "number" : "");
  const heads = columns.map(({ head }, index) => html`<th scope="col" class="${kind(index)}">${head}</th>`);
  const cell = (content: Cell, index: number) =>
    index === 0
      ? html`<th scope="row">${content}</th>`
      : html`<td class="${kind(index)}" data-head="${columns[index]?.head ?? ""}">${content}</td>`;
  const row = (cells: readonly Cell[]) => html`<tr>${cells.map(cell)}</tr>
`;
  const foot = total === undefined ? undefined : html`<tfoot>${row(total)}</tfoot>`;
  return html`<table>
<thead><tr>${heads}</tr></thead>
<tbody>${rows.map(row)}</tbody>${foot}
</table>`;
}
