import { escapeHtml } from "../escape.ts";
import { drawFlows, requestFlows } from "./diagram.ts";
import { markKey } from "./marks.ts";
import type { Citation, Paper, Statement } from "./paper.ts";
import { partyName } from "./party-name.ts";
import { SECTIONS } from "./statements.ts";
import { STYLE } from "./style.ts";
import type { Texts } from "./texts/en.ts";
import { LANGUAGE_TAGS, type Language, TEXTS } from "./texts/index.ts";

/** The white paper as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function htmlPaper(paper: Paper, language: Language): string {
  const texts = TEXTS[language];
  const { environment, statements, warnings } = paper;
  const title = `${texts.title}: ${environment}`;
  const sections = SECTIONS.map((section) => {
    const own = statements.filter((statement) => statement.section === section);
    return [
      `<section><h2>${escapeHtml(texts[`section.${section}`])}</h2>`,
      ...(section === "flow" ? [flowPart(paper, texts)] : []),
      `<ul class="statements">${own.map((statement) => statementItem(statement, texts)).join("\n")}</ul></section>`,
    ].join("\n");
  });
  const warned = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`).join("");
  return [
    "<!doctype html>",
    `<html lang="${LANGUAGE_TAGS[language]}">`,
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${escapeHtml(title)}</h1><p>${escapeHtml(texts.about)}</p>`,
    factList(paper, texts),
    ...(warnings.length === 0 ? [] : [`<h2>${escapeHtml(texts.warnings)}</h2><ul>${warned}</ul>`]),
    ...sections,
    "</main></body></html>",
    "",
  ].join("\n");
}

function factList({ architecture, topology, region, tenants }: Paper, texts: Texts): string {
  const facts = [
    [texts.architecture, architecture],
    [texts.topology, topology],
    [texts.region, region],
    [texts.tenants, String(tenants)],
  ] as const;
  return `<dl>${facts.map(([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`).join("")}</dl>`;
}

function flowPart({ flows }: Paper, texts: Texts): string {
  const heads = [texts.from, texts.to, texts.ports, texts.said];
  const rows = flows.flows.map(({ from, to, ports, said, policies }) => {
    const cells = [partyName(from), partyName(to), ports.join(", "), `${texts[`said.${said}`]} (${policies.length})`];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  return [
    `<figure><figcaption>${escapeHtml(texts.picture)}</figcaption><div class="wide" tabindex="0">${drawFlows(requestFlows(flows), texts.picture)}</div></figure>`,
    `<p>${escapeHtml(texts["said.note"])}</p>`,
    `<h3>${escapeHtml(texts.table)}</h3><div class="wide" tabindex="0"><table><thead><tr>${heads.map((head) => `<th scope="col">${escapeHtml(head)}</th>`).join("")}</tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody></table></div>`,
  ].join("\n");
}

function statementItem({ key, standing, citations, against }: Statement, texts: Texts): string {
  const mark = `<span class="mark ${standing.replace(" ", "-")}">${escapeHtml(texts[markKey(standing)])}</span>`;
  const cited = citations.map((citation) => `<li>${citationHtml(citation, texts)}</li>`).join("");
  const opposed = against
    .map((urn) => `<li>${escapeHtml(texts.against)} <code>${escapeHtml(urn)}</code></li>`)
    .join("");
  const count = citations.length + against.length;
  const details =
    count === 0
      ? ""
      : `<details><summary>${escapeHtml(texts.cited)} (${count})</summary><ul>${cited}${opposed}</ul></details>`;
  return `<li>${mark} ${escapeHtml(texts[key])}${details}</li>`;
}

function citationHtml(citation: Citation, texts: Texts): string {
  if (citation.kind === "check") return `${escapeHtml(texts.check)} <code>${escapeHtml(citation.id)}</code>`;
  return `<code>${escapeHtml(citation.urn)}</code>`;
}
