import type { Tone } from "../page/badge.ts";
import { facts } from "../page/facts.ts";
import { html, type Markup } from "../page/markup.ts";
import { renderPage } from "../page/page.ts";
import { table } from "../page/table.ts";
import { drawFlows, requestFlows } from "./diagram.ts";
import { markKey } from "./marks.ts";
import type { Citation, Paper, Standing, Statement } from "./paper.ts";
import { partyName } from "./party-name.ts";
import { SECTIONS } from "./statements.ts";
import type { Texts } from "./texts/en.ts";
import { LANGUAGE_TAGS, type Language, TEXTS } from "./texts/index.ts";

/** The white paper as one page. */
export function htmlPaper(paper: Paper, language: Language): string {
  const texts = TEXTS[language];
  const sections = SECTIONS.map((section) => {
    const own = paper.statements.filter((statement) => statement.section === section);
    return html`<section><h2>${texts[`section.${section}`]}</h2>
${section === "flow" ? flowPart(paper, texts) : undefined}
<ul class="entries">${own.map((statement) => statementItem(statement, texts))}</ul></section>
`;
  });
  return renderPage({
    lang: LANGUAGE_TAGS[language],
    title: `${texts.title}: ${paper.environment}`,
    lead: html`<p>${texts.about}</p>\n${factList(paper, texts)}`,
    body: html`${warningPart(paper, texts)}${sections}`,
  });
}

function factList({ architecture, topology, region, tenants }: Paper, texts: Texts): Markup {
  return facts([
    [texts.architecture, architecture],
    [texts.topology, topology],
    [texts.region, region],
    [texts.tenants, String(tenants)],
  ]);
}

function warningPart({ warnings }: Paper, texts: Texts): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<section><h2>${texts.warnings}</h2><ul class="note">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul></section>
`;
}

function flowPart({ flows }: Paper, texts: Texts): Markup {
  const rows = flows.flows.map(({ from, to, ports, said, policies }) => [
    partyName(from),
    partyName(to),
    ports.join(", "),
    `${texts[`said.${said}`]} (${policies.length})`,
  ]);
  return html`<figure><figcaption>${texts.picture}</figcaption>${drawFlows(requestFlows(flows), texts.picture)}</figure>
<p>${texts["said.note"]}</p>
<h3>${texts.table}</h3>
${table([{ head: texts.from }, { head: texts.to }, { head: texts.ports }, { head: texts.said }], rows)}`;
}

const TONES: Readonly<Record<Standing, Tone>> = {
  planned: "half",
  tried: "half",
  procedure: "none",
  "not shown": "open",
};

function statementItem({ key, standing, citations, against }: Statement, texts: Texts): Markup {
  const cited = citations.map((citation) => html`<li>${citationPart(citation, texts)}</li>`);
  const opposed = against.map((urn) => html`<li>${texts.against} <code>${urn}</code></li>`);
  const count = citations.length + against.length;
  const details = html`<details><summary class="small soft">${texts.cited} (${count})</summary><ul class="small">${cited}${opposed}</ul></details>`;
  return html`<li><span class="mark badge ${TONES[standing]}">${texts[markKey(standing)]}</span> ${texts[key]}${count === 0 ? undefined : details}</li>
`;
}

function citationPart(citation: Citation, texts: Texts): Markup {
  if (citation.kind === "check") return html`${texts.check} <code>${citation.id}</code>`;
  return html`<code>${citation.urn}</code>`;
}
