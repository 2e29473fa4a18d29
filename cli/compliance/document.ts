import type { Finding } from "../../policies/evaluate.ts";
import { resourceName } from "../../policies/resource-name.ts";
import type { ComplianceReport, ReportedControl, ReportedRule } from "./report.ts";
import { titlesIn } from "./titles.ts";
import { VERDICTS, type Verdict } from "./verdict.ts";
import { fill, type Language, WORDS, type Words } from "./words/index.ts";

/** Resources that a rule names; the rest is counted. The JSON has all. */
const SHOWN = 6;

/** A report as texts in one language, for whatever shows it. */
export interface ReportDocument {
  readonly words: Words;
  readonly title: string;
  readonly subtitle: string;
  readonly fields: readonly (readonly [label: string, value: string])[];
  readonly notes: readonly string[];
  readonly summary: readonly {
    readonly verdict: Verdict;
    readonly label: string;
    readonly meaning: string;
    readonly count: number;
  }[];
  readonly controls: readonly ShownControl[];
  /** Controls that no rule maps to, in one line; undefined where they are not known. */
  readonly notCovered: string | undefined;
  readonly rules: readonly ShownRule[];
}

/** A control with at least one rule. */
export interface ShownControl {
  readonly id: string;
  readonly verdict: Verdict;
  readonly label: string;
  readonly rules: readonly { readonly id: string; readonly title: string; readonly says: string }[];
}

/** A rule with what decided it. */
export interface ShownRule {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly standing: ReportedRule["standing"];
  readonly lines: readonly string[];
}

/** Puts a report into words. Pure but for reading the titles. */
export function documentOf(report: ComplianceReport, language: Language): ReportDocument {
  const words = WORDS[language];
  const { environment, framework, facts, day, resources, controls, complete } = report;
  const own = titlesIn(language);
  const titles = new Map(report.rules.map(({ id, title }) => [id, own[id] ?? title]));
  const bare = controls.filter(({ rules }) => rules.length === 0).map(({ id }) => id);
  return {
    words,
    title: fill(words.title, { framework: words.frameworks[framework.id].name, environment }),
    subtitle: fill(words.subtitle, words.frameworks[framework.id]),
    fields: [
      [words.fields.environment, environment],
      [words.fields.topology, `${facts.architecture}, ${facts.topology}`],
      [words.fields.place, `${facts.region}, ${facts.jurisdiction === "" ? words.noPlace : facts.jurisdiction}`],
      [words.fields.day, day],
      [words.fields.resources, String(resources)],
    ],
    notes: complete ? words.notes : [...words.notes, words.incomplete],
    summary: VERDICTS.map((verdict) => ({ verdict, ...words.verdicts[verdict], count: report.summary[verdict] })),
    controls: controls.filter(({ rules }) => rules.length > 0).map((control) => shownControl(control, words, titles)),
    notCovered: complete ? bare.join(", ") || words.lines.none : undefined,
    rules: report.rules.map((rule) => shownRule(rule, words, titles)),
  };
}

function shownControl(
  { id, verdict, rules }: ReportedControl,
  words: Words,
  titles: ReadonlyMap<string, string>,
): ShownControl {
  return {
    id,
    verdict,
    label: words.verdicts[verdict].label,
    rules: rules.map(({ id: rule, standing, confidence }) => ({
      id: rule,
      title: titles.get(rule) ?? "",
      says: [words.standings[standing], ...(confidence === "high" ? [] : [words.confidence[confidence]])].join("; "),
    })),
  };
}

function shownRule(rule: ReportedRule, words: Words, titles: ReadonlyMap<string, string>): ShownRule {
  const { id, standing, severity } = rule;
  return {
    id,
    standing,
    title: titles.get(id) ?? rule.title,
    says: `${words.standings[standing]}; ${words.severities[severity] ?? severity}`,
    lines: [...subjectLine(rule, words), ...findingLines(rule, words), ...settingLines(rule, words)],
  };
}

/** Standings that the plan's resources decided. */
const LOOKED: readonly ReportedRule["standing"][] = ["passed", "violated", "excepted", "unknown"];

function subjectLine({ standing, subjects }: ReportedRule, { lines }: Words): readonly string[] {
  if (!LOOKED.includes(standing)) return [];
  if (subjects.length === 0) return [fill(lines.decidedBy, { list: lines.wholeStack })];
  const shown = subjects.slice(0, SHOWN).map(resourceName);
  const rest = subjects.length - shown.length;
  const list = [...shown, ...(rest === 0 ? [] : [fill(lines.more, { count: rest })])].join(", ");
  return [fill(lines.decidedBy, { list })];
}

function findingLines({ standing, findings, remedy }: ReportedRule, words: Words): readonly string[] {
  const label = standing === "unknown" ? words.lines.open : words.lines.problem;
  const found = findings.map((finding) => `${label}: ${findingText(finding, words)}`);
  return standing === "violated" ? [...found, `${words.lines.remedy}: ${remedy}`] : found;
}

function findingText({ urn, problem, exception }: Finding, { lines }: Words): string {
  const text = urn === undefined ? problem : `${resourceName(urn)}: ${problem}`;
  if (exception === undefined) return text;
  const { owner, expires, reason } = exception;
  return `${text}; ${fill(lines.exception, { owner, expires, reason })}`;
}

function settingLines({ settings }: ReportedRule, words: Words): readonly string[] {
  return settings.map(({ path, value, state }) =>
    fill(words.lines.setting, { path, value: JSON.stringify(value), state: words.settingStates[state] }),
  );
}
