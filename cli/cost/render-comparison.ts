import type { Comparison } from "../../cost/compare.ts";
import { type Money, shownMicro } from "../../cost/currency.ts";
import { formatAmount } from "../../cost/text.ts";
import { columns, wrapped } from "./columns.ts";

/** Lines of a change that are shown; `--json` has all. */
const SHOWN = 20;

/** What a change of plan does to the month: what comes, what goes, what costs something else. */
export function comparisonLines(comparison: Comparison, money: Money): readonly string[] {
  const { added, removed, changed, unpricedAdded, unpricedRemoved } = comparison;
  const amount = (micro: number) => {
    const text = formatAmount(shownMicro(micro, money), money.currency);
    return micro > 0 ? `+${text}` : text;
  };
  const rows = [
    ...added.map(({ what, resource, microUsd }) => ({ mark: "+", what, resource, by: microUsd.expected })),
    ...removed.map(({ what, resource, microUsd }) => ({ mark: "-", what, resource, by: -microUsd.expected })),
    ...changed.map(({ what, resource, difference }) => ({ mark: "~", what, resource, by: difference.expected })),
  ].sort((a, b) => Math.abs(b.by) - Math.abs(a.by));
  const more = rows.length > SHOWN ? [`and ${rows.length - SHOWN} more lines; --json has all`] : [];
  const unpriced = [
    ...unpricedAdded.map(({ what }) => `+ ${what}, unpriced`),
    ...unpricedRemoved.map(({ what }) => `- ${what}, unpriced`),
  ];
  return [
    ...wrapped(`Against the other plan: ${amount(comparison.difference.expected)} ${money.currency} a month`, ""),
    ...columns(
      ["", "expected"],
      rows.slice(0, SHOWN).map(({ mark, what, resource, by }) => [`${mark} ${what} (${resource})`, amount(by)]),
    ),
    ...more,
    ...unpriced.flatMap((line) => wrapped(line, "")),
    "",
  ];
}
