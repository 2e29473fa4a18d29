import { type Money, shownMicro } from "../../cost/currency.ts";
import type { Bounds } from "../../cost/money.ts";
import { formatAmount } from "../../cost/text.ts";

/** Columns of a terminal that a report fits in. */
export const WIDTH = 100;

const GAP = 2;

/** Low, expected and high, as they are shown. */
export function amounts(bounds: Bounds, money: Money): readonly string[] {
  return [bounds.low, bounds.expected, bounds.high].map((micro) =>
    formatAmount(shownMicro(micro, money), money.currency),
  );
}

/** Rows under a heading: the first column to the left and cut where it is too long, the others to the right. */
export function columns(heading: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const others = widths.slice(1).reduce((sum, width) => sum + width + GAP, 0);
  const first = Math.min(widths[0] ?? 0, WIDTH - others);
  return all.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cut(cell, first).padEnd(first) : cell.padStart((widths[column] ?? 0) + GAP),
      )
      .join("")
      .trimEnd(),
  );
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** Text in lines of at most {@link WIDTH} characters; the first begins with `lead`, the others stand below it. */
export function wrapped(text: string, lead: string): readonly string[] {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && lead.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each, index) => `${index === 0 ? lead : indent}${each}`);
}
