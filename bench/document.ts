import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../tools/paths.ts";
import type { Figure } from "./table.ts";

const FILE = join(projectRoot, "docs/benchmarks.md");

const HEAD = `# Benchmarks

Written by \`npm run bench -- NAME... --write\`: each part names its command, the machine and the day. Ratios within one run
count; absolute numbers move with the machine. A missed goal stays in the table.
`;

/** One bench's figures, as they go into the document. */
export interface Part {
  readonly name: string;
  readonly machine: string;
  readonly day: string;
  readonly figures: readonly Figure[];
}

/** Puts the parts into docs/benchmarks.md, each in place of its older self; parts of other benches stay. */
export function writeParts(parts: readonly Part[]): void {
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : HEAD;
  writeFileSync(FILE, parts.reduce(withPart, text));
}

/** The document with one part added or replaced. */
export function withPart(text: string, part: Part): string {
  const { begin, end } = marks(part.name);
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  const rendered = `${begin}\n${render(part)}\n${end}\n`;
  if (from < 0 || to < 0) return `${text.trimEnd()}\n\n${rendered}`;
  return text.slice(0, from) + rendered + text.slice(to + end.length + 1);
}

function marks(name: string): { readonly begin: string; readonly end: string } {
  return { begin: `<!-- bench:${name} -->`, end: `<!-- /bench:${name} -->` };
}

function render({ name, machine, day, figures }: Part): string {
  const rows = figures.map(({ what, measured, target = "", met, limit = "" }) =>
    [what, measured, target, met === undefined ? "" : met ? "met" : "**missed**", limit].map(cell).join(" | "),
  );
  const table = ["figure | measured | goal | | limited by", "--- | --- | --- | --- | ---", ...rows];
  const lines = table.map((row) => `| ${row} |`).join("\n");
  return `## ${name}\n\n\`npm run bench -- ${name}\`, ${day}, ${machine}\n\n${lines}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
