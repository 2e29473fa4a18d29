import { catalogued } from "../../policies/catalogue.ts";
import type { Exception } from "../../policies/exceptions.ts";

/** An environment, and what it excepts itself from. */
export interface Excepting {
  readonly name: string;
  readonly exceptions: readonly Exception[];
}

const BEGIN = "<!-- exceptions: written by `npm run docs` from stacks/Pulumi.*.yaml; do not edit -->";
const END = "<!-- exceptions: end -->";

/** A page with the exceptions of these environments between its marks; a page without the marks stays as it is. Pure. */
export function withExceptions(page: string, environments: readonly Excepting[]): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) return page;
  return page.slice(0, from) + [BEGIN, ...tableOf(environments), END].join("\n") + page.slice(to + END.length);
}

function tableOf(environments: readonly Excepting[]): readonly string[] {
  return [
    "| rule | what it asks | where it is not kept | in | why | until |",
    "|---|---|---|---|---|---|",
    ...[...alike(environments)].map(([, { exception, names }]) => {
      const { rule, resource, reason, expires } = exception;
      const where = resource === undefined ? "everywhere" : `\`${resource}\``;
      return `| ${[rule, catalogued(rule).title, where, names.join(", "), reason, expires].join(" | ")} |`;
    }),
  ];
}

interface Row {
  readonly exception: Exception;
  readonly names: readonly string[];
}

/** One row for what several environments except with the same words, in the order of the rules. */
function alike(environments: readonly Excepting[]): ReadonlyMap<string, Row> {
  const all = environments.flatMap(({ name, exceptions }) => exceptions.map((exception) => ({ name, exception })));
  const rows = new Map<string, Row>();
  for (const { name, exception } of all.sort((a, b) => a.exception.rule.localeCompare(b.exception.rule))) {
    const { rule, resource, reason, expires } = exception;
    const key = JSON.stringify([rule, resource, reason, expires]);
    rows.set(key, { exception, names: [...(rows.get(key)?.names ?? []), name] });
  }
  return rows;
}
