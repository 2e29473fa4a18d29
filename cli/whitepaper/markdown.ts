import { escapeMarkdown } from "../escape.ts";
import { markKey } from "./marks.ts";
import type { Citation, Paper, Statement } from "./paper.ts";
import { partyName } from "./party-name.ts";
import { SECTIONS } from "./statements.ts";
import { type Language, TEXTS } from "./texts/index.ts";

/** The white paper as Markdown; the table stands for the picture. The same plan gives the same text. */
export function markdownPaper(paper: Paper, language: Language): string {
  const texts = TEXTS[language];
  const { environment, architecture, topology, region, tenants, statements, flows, warnings } = paper;
  const line = (statement: Statement) => {
    const cited = statement.citations.map((citation) => `    - ${citationText(citation, texts.check)}`);
    const against = statement.against.map((urn) => `    - ${texts.against}: \`${urn}\``);
    return [`- **[${texts[markKey(statement.standing)]}]** ${texts[statement.key]}`, ...cited, ...against].join("\n");
  };
  const rows = flows.flows.map(({ from, to, ports, said, policies }) => {
    const cells = [partyName(from), partyName(to), ports.join(", "), `${texts[`said.${said}`]} (${policies.length})`];
    return `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  });
  const table = [
    `### ${texts.table}`,
    "",
    `| ${[texts.from, texts.to, texts.ports, texts.said].join(" | ")} |`,
    "|---|---|---|---|",
    ...rows,
    "",
    texts["said.note"],
    "",
  ];
  return [
    `# ${texts.title}: ${environment}`,
    "",
    texts.about,
    "",
    `- ${texts.architecture}: ${architecture}`,
    `- ${texts.topology}: ${topology}`,
    `- ${texts.region}: ${region}`,
    `- ${texts.tenants}: ${tenants}`,
    "",
    ...(warnings.length === 0 ? [] : [`## ${texts.warnings}`, "", ...warnings.map((warning) => `- ${warning}`), ""]),
    ...SECTIONS.flatMap((section) => [
      `## ${texts[`section.${section}`]}`,
      "",
      ...(section === "flow" ? table : []),
      ...statements.filter((statement) => statement.section === section).map(line),
      "",
    ]),
  ].join("\n");
}

function citationText(citation: Citation, check: string): string {
  return citation.kind === "check" ? `${check} \`${citation.id}\`` : `\`${citation.urn}\``;
}
