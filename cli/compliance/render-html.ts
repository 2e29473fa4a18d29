import { escapeHtml } from "../escape.ts";
import type { ReportDocument, ShownControl, ShownRule } from "./document.ts";
import type { Standing, Verdict } from "./verdict.ts";

/** A report as one page that needs nothing else: no script, no font, no picture from elsewhere. */
export function renderHtml(document: ReportDocument): string {
  const { words, title, subtitle, fields, notes, summary, controls, notCovered, rules } = document;
  const { headings } = words;
  return `<!doctype html>
<html lang="${words.tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(subtitle)}</p>
<dl>${fields.map(([label, value]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`).join("")}</dl>
</header>
<main>
<aside>${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join("")}</aside>
<h2>${escapeHtml(headings.summary)}</h2>
<ul class="summary">
${summary.map(({ verdict, label, count, meaning }) => `<li><b>${count}</b>${badge(VERDICT_COLOR[verdict], label)}<span>${escapeHtml(meaning)}</span></li>`).join("\n")}
</ul>
<h2>${escapeHtml(headings.controls)}</h2>
${controls.map(controlHtml).join("\n")}
${notCovered === undefined ? "" : `<h2>${escapeHtml(headings.notCovered)}</h2>\n<p>${escapeHtml(notCovered)}</p>`}
<h2>${escapeHtml(headings.rules)}</h2>
${rules.map(ruleHtml).join("\n")}
</main>
</body>
</html>`;
}

function controlHtml({ id, verdict, label, rules }: ShownControl): string {
  const lines = rules.map(
    (rule) => `<li><a href="#${rule.id}">${rule.id}</a> ${escapeHtml(rule.title)} <i>${escapeHtml(rule.says)}</i></li>`,
  );
  const name = `<h3>${escapeHtml(id)} ${badge(VERDICT_COLOR[verdict], label)}</h3>`;
  return `<section>${name}<ul>${lines.join("")}</ul></section>`;
}

function ruleHtml({ id, title, says, standing, lines }: ShownRule): string {
  const list = lines.length === 0 ? "" : `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
  const name = `<h3>${id} ${escapeHtml(title)}</h3>`;
  return `<section id="${id}">${name}<p>${badge(STANDING_COLOR[standing], says)}</p>${list}</section>`;
}

type Color = "good" | "half" | "bad" | "open" | "none";

/** Only what was seen to hold is green; the words say the rest, so that no colour is needed to read it. */
const VERDICT_COLOR: Readonly<Record<Verdict, Color>> = {
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

const STANDING_COLOR: Readonly<Record<Standing, Color>> = {
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

function badge(color: Color, text: string): string {
  return `<span class="badge ${color}">${escapeHtml(text)}</span>`;
}

const STYLE = `
:root{color-scheme:light;--line:#d5d9de;--soft:#5a6472}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;color:#1b2129;background:#fff;font:1rem/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans","Noto Sans CJK SC","Noto Sans CJK KR","PingFang SC","Microsoft YaHei","Malgun Gothic",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.25rem;margin:2rem 0 .75rem;padding-top:.75rem;border-top:2px solid var(--line)}
h3{font-size:1rem;margin:0 0 .25rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.5rem 1rem;margin:1rem 0}
dt{color:var(--soft);font-size:.85rem}
dd{margin:0}
aside{border-left:4px solid #b58900;background:#fdf8e8;padding:.25rem 1rem}
ul{margin:.25rem 0;padding-left:1.2rem}
i{color:var(--soft);font-style:normal}
i::before{content:"\\2014\\00a0"}
a{color:#0b5cad}
section{border-bottom:1px solid var(--line);padding:.75rem 0;break-inside:avoid}
.summary{list-style:none;padding:0}
.summary li{display:grid;grid-template-columns:2.5rem minmax(7rem,14rem) 1fr;gap:.25rem .75rem;align-items:baseline;padding:.3rem 0;border-bottom:1px solid var(--line)}
.summary b{text-align:right}
.badge{display:inline-block;justify-self:start;border:1px solid currentColor;border-radius:.4rem;padding:0 .5rem;font-size:.85rem;font-weight:600}
.good{color:#14692f;background:#e9f6ed}
.half{color:#14692f;background:#fff}
.bad{color:#a3131f;background:#fdecee}
.open{color:#7a5200;background:#fdf4e0}
.none{color:#4a5361;background:#f2f4f6}
@media (max-width:36rem){.summary li{grid-template-columns:2.5rem 1fr}.summary li span:last-child{grid-column:2}}
@media print{body{max-width:none;padding:0;font-size:10pt}a{color:inherit;text-decoration:none}h2,h3{break-after:avoid}aside,.badge{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
@page{margin:15mm}
`;
