import type { ChangedGroup, UnpricedChange } from "../../cost/changed-groups.ts";
import type { Comparison } from "../../cost/compare.ts";
import { type Money, shownMicro } from "../../cost/currency.ts";
import { formatAmount } from "../../cost/text.ts";
import { columns, wrapped } from "./columns.ts";
import type { ComparedWith, CostReport } from "./report.ts";

/** Changes that are shown; `--json` has all. */
const SHOWN = 20;

/** What a change of plan does to the month, or why nothing is compared: what comes, what goes, what costs something else. */
export function comparisonLines(report: Pick<CostReport, "against" | "comparison" | "money">): readonly string[] {
  const { against, comparison, money } = report;
  if (against === undefined) return [];
  const heading = wrapped(`${comparisonSentence(against, comparison, money)}.`, "");
  if (comparison === undefined) return [...heading, ""];
  const { groups, unpriced } = comparison;
  const rows = groups.slice(0, SHOWN).map((group) => [changeText(group), ...changedAmounts(group, money)]);
  return [
    ...heading,
    ...(rows.length === 0 ? [] : columns(["", "before", "after", "difference"], rows)),
    ...(groups.length > SHOWN ? [`and ${groups.length - SHOWN} more; --json has all`] : []),
    ...unpriced.flatMap((change) => wrapped(unpricedChangeText(change), "")),
    "",
  ];
}

/** `against what is deployed: +12.00 USD a month, from 100.00 to 112.00`; the expected amounts. */
export function comparisonSentence(
  { says, pendingOperations = 0 }: ComparedWith,
  comparison: Comparison | undefined,
  money: Money,
): string {
  if (comparison === undefined) return `Not compared with what is deployed: ${says}`;
  const { before, after, difference } = comparison;
  const by = `${signed(difference.expected, money)} ${money.currency} a month`;
  const whole = `from ${amount(before.expected, money)} to ${amount(after.expected, money)}`;
  const missing = comparison.unpriced.length === 0 ? "" : ", and what has no price differs too";
  return `Against ${says}: ${by}, ${whole}${missing}${pendingText(pendingOperations)}`;
}

function pendingText(operations: number): string {
  if (operations === 0) return "";
  const count = operations === 1 ? "1 operation" : `${operations} operations`;
  return `; the state has ${count} that a run left without an end, so that more or less may be there`;
}

const MARKS: Readonly<Record<ChangedGroup["change"], string>> = {
  added: "+",
  removed: "-",
  dearer: "~",
  cheaper: "~",
  priced: "~",
  unpriced: "~",
};

/** `~ compute  m7i.large, pool system (dearer)`. */
function changeText({ what, category, change }: ChangedGroup): string {
  return `${MARKS[change]} ${category}  ${printable(what)} (${CHANGE_WORDS[change]})`;
}

/** What became of a thing, in words. */
export const CHANGE_WORDS: Readonly<Record<ChangedGroup["change"], string>> = {
  added: "added",
  removed: "removed",
  dearer: "dearer",
  cheaper: "cheaper",
  priced: "has a price now",
  unpriced: "has no price any more",
};

/** What is expected before, after, and the difference with its sign. */
export function changedAmounts(
  { before, after, difference }: Pick<ChangedGroup, "before" | "after" | "difference">,
  money: Money,
): readonly string[] {
  return [amount(before.expected, money), amount(after.expected, money), signed(difference.expected, money)];
}

/** `unpriced: volumes: 3 before, 4 after: the price book has no price for it`. */
export function unpricedChangeText({ what, reason, before, after }: UnpricedChange): string {
  return `unpriced: ${printable(what)}: ${before} before, ${after} after: ${printable(reason)}`;
}

function amount(micro: number, money: Money): string {
  return formatAmount(shownMicro(micro, money), money.currency);
}

function signed(micro: number, money: Money): string {
  return `${micro > 0 ? "+" : ""}${amount(micro, money)}`;
}

/** A file from elsewhere is named in the terminal of whoever reads it: nothing of it moves the cursor. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be printed.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
