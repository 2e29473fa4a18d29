import { badge, type Tone } from "../page/badge.ts";
import { facts } from "../page/facts.ts";
import { html, type Markup } from "../page/markup.ts";
import { renderPage } from "../page/page.ts";
import type { ReportDocument, ShownControl, ShownRule } from "./document.ts";
import type { Standing, Verdict } from "./verdict.ts";

/** A report as one page: the verdicts first, then control by control, then what decided each rule. */
export function renderHtml(document: ReportDocument): string {
  const { words, title, subtitle, fields, notes, summary, controls, notCovered, rules } = document;
  const { headings } = words;
  const bare = notCovered === undefined ? undefined : html`<h2>${headings.notCovered}</h2>\n<p>${notCovered}</p>\n`;
  return renderPage({
    lang: words.tag,
    title,
    lead: html`<p>${subtitle}</p>\n${facts(fields)}`,
    body: html`<h2>${headings.summary}</h2>
<ul class="summary">
${summary.map(summaryLine)}</ul>
<aside class="note">${notes.map((note) => html`<p>${note}</p>`)}</aside>
<h2>${headings.controls}</h2>
${controls.map(controlSection)}${bare}<h2>${headings.rules}</h2>
${rules.map(ruleSection)}`,
  });
}

function summaryLine({ verdict, label, count, meaning }: ReportDocument["summary"][number]): Markup {
  const tone = count === 0 ? "none" : VERDICT_TONE[verdict];
  return html`<li class="${count === 0 ? "zero" : ""}"><b>${count}</b>${badge(tone, label)}<span class="says">${meaning}</span></li>
`;
}

function controlSection({ id, verdict, label, rules }: ShownControl): Markup {
  const lines = rules.map(
    (rule) => html`<li><a href="#${rule.id}">${rule.id}</a> ${rule.title} <span class="soft">— ${rule.says}</span></li>
`,
  );
  return html`<section class="entry"><h3>${id} ${badge(VERDICT_TONE[verdict], label)}</h3><ul>${lines}</ul></section>
`;
}

function ruleSection({ id, title, says, standing, lines }: ShownRule): Markup {
  const list = lines.length === 0 ? undefined : html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
  return html`<section class="entry" id="${id}"><h3>${id} ${title}</h3><p>${badge(STANDING_TONE[standing], says)}</p>${list}</section>
`;
}

const VERDICT_TONE: Readonly<Record<Verdict, Tone>> = {
  met: "good",
  "met in plan": "half",
  violated: "bad",
  excepted: "open",
  undecided: "open",
  declared: "none",
  procedure: "none",
  "not covered": "none",
  "does not apply": "none",
};

const STANDING_TONE: Readonly<Record<Standing, Tone>> = {
  passed: "good",
  violated: "bad",
  excepted: "open",
  unknown: "open",
  declared: "none",
  running: "none",
  procedure: "none",
  "not written": "open",
  "does not apply": "none",
};
