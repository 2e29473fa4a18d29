import { type LedgerRow, type LedgerState, stateOf } from "@breakwater/runtime/settings";

const TITLES: Readonly<Record<LedgerState, string>> = {
  enforced: "Enforced",
  partly: "Enforced in part",
  label: "Names and descriptions, nothing to enforce",
  "not yet": "Accepted, and enforced by nothing yet",
};

/** The ledger as a list: what is enforced, by what, proved how; then what is not, and why. */
export function renderLedger(rows: readonly LedgerRow[]): string {
  return (Object.entries(TITLES) as [LedgerState, string][])
    .map(([state, title]) => ({ title, members: rows.filter(({ enforcer }) => stateOf(enforcer) === state) }))
    .filter(({ members }) => members.length > 0)
    .map(({ title, members }) => [`${title} (${members.length}):`, ...members.flatMap(lines)].join("\n"))
    .join("\n\n");
}

function lines({ path, value, enforcer }: LedgerRow): string[] {
  const shown = value === undefined ? path : `${path} = ${JSON.stringify(value)}`;
  if ("notYet" in enforcer) return [`  ${shown}`, `      ${enforcer.notYet}`];
  if ("label" in enforcer) return [`  ${shown}`];
  return [
    `  ${shown}`,
    `      by ${enforcer.by} (${enforcer.where})`,
    `      proved by ${enforcer.attack ?? "nothing yet"}`,
    ...(enforcer.limits === undefined ? [] : [`      not covered: ${enforcer.limits}`]),
  ];
}
