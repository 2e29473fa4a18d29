import { CATALOGUE, type CatalogueRule, FRAMEWORKS, type Framework } from "../../policies/catalogue.ts";
import { RULES } from "../../policies/rules/index.ts";

/** One row of the coverage matrix: of the rules that map to a framework, who can decide them. */
export interface Coverage {
  readonly framework: string;
  readonly controls: number;
  readonly rules: number;
  readonly plan: number;
  /** Of those that a plan can decide, the ones that are written. */
  readonly written: number;
  readonly declared: number;
  readonly running: number;
  readonly person: number;
}

/** Every framework of the catalogue, and all of it together. @param written ids of the rules that exist; default: the pack's */
export function coverage(written: ReadonlySet<string> = new Set(RULES.map(({ id }) => id))): readonly Coverage[] {
  const rows = (Object.keys(FRAMEWORKS) as Framework[]).map((framework) => {
    const mapped = CATALOGUE.filter(({ controls }) => controls[framework] !== undefined);
    const { name, version } = FRAMEWORKS[framework];
    return row(`${name} (${version})`, mapped, (rule) => rule.controls[framework] ?? [], written);
  });
  return [...rows, row("all rules", CATALOGUE, () => [], written)];
}

function row(
  framework: string,
  rules: readonly CatalogueRule[],
  controlsOf: (rule: CatalogueRule) => readonly string[],
  written: ReadonlySet<string>,
): Coverage {
  const decided = (by: CatalogueRule["decides"]): number => rules.filter(({ decides }) => decides === by).length;
  const controls = new Set(rules.flatMap(controlsOf).map((reference) => reference.replace(/ \(\w+\)$/, "")));
  return {
    framework,
    controls: controls.size,
    rules: rules.length,
    plan: decided("plan"),
    written: rules.filter(({ decides, id }) => decides === "plan" && written.has(id)).length,
    declared: decided("declared"),
    running: decided("running"),
    person: decided("person"),
  };
}

const BEGIN = "<!-- coverage: written by `npm run docs` from policies/catalogue.json; do not edit -->";
const END = "<!-- coverage: end -->";

/** The matrix as a Markdown table between its marks. */
export function coverageBlock(rows: readonly Coverage[] = coverage()): string {
  return [
    BEGIN,
    "| framework | its controls that a rule is about | rules | a plan can decide | of these written | settings declare | only what runs | only a person |",
    "|---|--:|--:|--:|--:|--:|--:|--:|",
    ...rows.map(({ framework, controls, rules, plan, written, declared, running, person }) => {
      const own = framework === "all rules" ? "" : controls;
      return `| ${[framework, own, rules, plan, written, declared, running, person].join(" | ")} |`;
    }),
    END,
  ].join("\n");
}

/** A page with its matrix made anew; a page without the marks stays as it is. Pure. */
export function withCoverage(page: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) return page;
  return page.slice(0, from) + coverageBlock() + page.slice(to + END.length);
}
