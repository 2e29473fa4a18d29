import type { ReportDocument } from "./document.ts";

/** A report as Markdown, readable as it is. */
export function renderMarkdown(document: ReportDocument): string {
  const { words, title, subtitle, fields, notes, summary, controls, notCovered, rules } = document;
  const { headings } = words;
  return [
    `# ${title}`,
    "",
    subtitle,
    "",
    ...fields.map(([label, value]) => `- ${label}: ${cell(value)}`),
    "",
    ...notes.flatMap((note) => [`> ${note}`, ">"]).slice(0, -1),
    "",
    `## ${headings.summary}`,
    "",
    `| ${headings.verdict} | ${headings.count} | ${headings.meaning} |`,
    "|---|--:|---|",
    ...summary.map(({ label, count, meaning }) => `| ${label} | ${count} | ${meaning} |`),
    "",
    `## ${headings.controls}`,
    ...controls.flatMap(({ id, label, rules: based }) => [
      "",
      `### ${id}: ${label}`,
      "",
      ...based.map((rule) => `- ${rule.id} ${cell(rule.title)}: ${rule.says}`),
    ]),
    "",
    ...(notCovered === undefined ? [] : [`## ${headings.notCovered}`, "", notCovered, ""]),
    `## ${headings.rules}`,
    ...rules.flatMap((rule) => [
      "",
      `### ${rule.id} ${cell(rule.title)}`,
      "",
      `**${rule.says}**`,
      ...(rule.lines.length === 0 ? [] : ["", ...rule.lines.map((line) => `- ${cell(line)}`)]),
    ]),
  ].join("\n");
}

/** What comes from elsewhere, so that no name or value is taken for markup. */
function cell(text: string): string {
  return text.replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`).replace(/\s+/g, " ");
}
