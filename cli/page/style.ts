/**
 * How every page looks: on a phone, on a screen by day and by night, and on paper. A phone shows no text smaller than 16
 * pixels; what is small elsewhere has the size `--small`.
 */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--ink:#1a2230;--soft:#566173;--line:#dce1e8;--panel:#f6f8fa;--accent:#0b5cad;--small:.875rem;
--good:#136a30;--good-back:#e8f5ec;--bad:#a3131f;--bad-back:#fdecee;--open:#7a4f00;--open-back:#fdf3df;--none:#4a5361;--none-back:#eef1f4}
@media screen and (prefers-color-scheme:dark){:root{--page:#10151c;--ink:#e2e7ed;--soft:#a4aebb;--line:#2d3642;--panel:#171e27;--accent:#84bdf7;
--good:#82d79c;--good-back:#12301d;--bad:#ff9da5;--bad-back:#3f171b;--open:#f0c572;--open-back:#362a0f;--none:#b5bec9;--none-back:#232c36}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;max-width:62rem;padding:2.5rem 1.5rem 5rem;background:var(--page);color:var(--ink);overflow-wrap:anywhere;
font:1rem/1.6 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
:lang(zh) body{font-family:system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif}
:lang(ko) body{font-family:system-ui,-apple-system,"Segoe UI","Apple SD Gothic Neo","Malgun Gothic","Noto Sans CJK KR","Noto Sans KR",sans-serif;word-break:keep-all}
h1,h2,h3,h4{line-height:1.25;text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.015em;margin:0 0 .5rem}
h2{font-size:1.375rem;letter-spacing:-.01em;margin:3.5rem 0 1rem;padding-top:1.25rem;border-top:1px solid var(--line)}
h3{font-size:1.0625rem;margin:1.75rem 0 .5rem}
h4{font-size:1rem;margin:0 0 .25rem}
p{margin:.5rem 0;max-width:46rem}
ul{margin:.5rem 0;padding-left:1.25rem}
li{margin:.25rem 0}
a{color:var(--accent);text-underline-offset:.15em;text-decoration-thickness:1px}
code{font:.9375em ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}
.soft{color:var(--soft)}
.small{font-size:var(--small)}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:1rem 1.5rem;margin:1.25rem 0}
.facts dt{color:var(--soft);font-size:var(--small)}
.facts dt::first-letter{text-transform:uppercase}
.facts dd{margin:0;white-space:pre-line}
.rows{grid-template-columns:1fr;gap:0}
.rows div{display:grid;grid-template-columns:8rem 1fr;gap:0 1rem;padding:.4rem 0;border-bottom:1px solid var(--line)}
.rows dd{grid-column:2}
.day{white-space:nowrap}
.plain{list-style:none;margin:0;padding:0}
.note{border-left:3px solid var(--open);background:var(--open-back);border-radius:0 .375rem .375rem 0;margin:1.5rem 0;padding:.5rem 1rem}
ul.note{padding-left:2rem}
.badge{display:inline-block;border-radius:.375rem;padding:0 .5rem;font-size:var(--small);font-weight:600;line-height:1.6}
.good{color:var(--good);background:var(--good-back)}
.half{color:var(--good);background:var(--page);box-shadow:inset 0 0 0 1px}
.bad{color:var(--bad);background:var(--bad-back)}
.open{color:var(--open);background:var(--open-back)}
.none{color:var(--none);background:var(--none-back)}
.tiles{list-style:none;padding:0;margin:1.75rem 0;display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem}
.tiles li{margin:0;border-radius:.625rem;padding:1rem 1.125rem;break-inside:avoid}
.tiles p{margin:0;font-size:var(--small);line-height:1.45}
.tiles a{color:inherit;font-weight:600}
.tiles .figure{font-size:1.5rem;font-weight:650;letter-spacing:-.015em;line-height:1.3;margin:.125rem 0}
.summary{list-style:none;padding:0}
.summary li{display:grid;grid-template-columns:3rem minmax(8rem,15rem) 1fr;gap:.25rem .75rem;align-items:baseline;margin:0;padding:.45rem 0;border-bottom:1px solid var(--line)}
.summary .badge{justify-self:start}
.summary b{text-align:right;font-variant-numeric:tabular-nums}
.summary .zero{color:var(--soft)}
.entry{border-bottom:1px solid var(--line);padding:.9rem 0;break-inside:avoid}
.entry h3{margin:0 0 .25rem}
.entry ul{margin:.25rem 0}
.entries{list-style:none;padding:0}
.entries>li{border-bottom:1px solid var(--line);margin:0;padding:.75rem 0}
table{border-collapse:collapse;width:100%;margin:1rem 0;font-size:var(--small);line-height:1.5}
th,td{min-width:5.5rem;text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line);font-weight:400}
thead th{overflow-wrap:normal;color:var(--soft);border-bottom-color:var(--soft)}
.number{min-width:0;text-align:right;padding-right:0;padding-left:.75rem;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot th,tfoot td{font-weight:650;border-bottom:0;border-top:1px solid var(--soft)}
tr.sum th,tr.sum td{font-weight:650}
details{margin:.25rem 0}
summary{cursor:pointer;padding:.125rem 0}
.tree details{margin:0}
.tree ul{list-style:none;margin:0 0 0 .4rem;padding-left:1rem;border-left:1px solid var(--line)}
.tree li{margin:0}
.tree>ul{border:0;padding:0;margin:0}
.bar{display:block;width:100%;height:.5rem;margin-top:.25rem}
.bar rect{fill:var(--line)}
.bar .part{fill:var(--accent)}
figure{margin:1.5rem 0}
figcaption{font-weight:600;margin-bottom:.75rem}
.flows{display:block;width:100%;height:auto;max-width:24rem;color:inherit;font-size:16px}
.flows text{fill:currentColor}
.flows .ports{paint-order:stroke;stroke:var(--page);stroke-width:5px;stroke-linejoin:round}
.flows .place,.flows .ports{fill:var(--soft)}
.flows rect{fill:var(--panel);stroke:var(--soft)}
.flows .outside rect{stroke-dasharray:4 3;fill:none}
.flows .tenant rect{stroke-width:2}
.flows .flow path{fill:none;stroke:var(--soft);stroke-width:1.25}
.flows .sender path,.flows .receiver path{stroke-dasharray:5 3}
.flows marker path{fill:var(--soft)}
@media screen and (max-width:40rem){:root{--small:1rem}
body{padding:1.25rem 1rem 3rem}
h1{font-size:1.625rem}
h2{margin-top:2.5rem}
code{font-size:1rem}
summary{padding:.5rem 0}
.facts{grid-template-columns:1fr;gap:.5rem}.facts div{display:grid;grid-template-columns:7rem 1fr;gap:0 .75rem}.facts dd{grid-column:2}
.summary li{grid-template-columns:2.5rem 1fr}.summary .says{grid-column:2}
thead{display:none}
table,tbody,tfoot{display:block}
tr{display:grid;grid-template-columns:1fr;padding:.75rem 0;border-bottom:1px solid var(--line)}
th,td,tfoot th,tfoot td{border:0;padding:.1rem 0}
th[scope=row]{font-weight:600}
td[data-head]{display:grid;grid-template-columns:minmax(5.5rem,auto) 1fr;gap:.75rem;white-space:normal}
td[data-head]::before{content:attr(data-head);color:var(--soft);font-weight:400}
}
@page{margin:16mm 15mm}
@media print{body{max-width:none;padding:0;font-size:10.5pt;line-height:1.5}
h1{font-size:20pt}h2{font-size:14pt;margin-top:1.75rem}h3{font-size:11pt}
h1,h2,h3,h4,figcaption{break-after:avoid}
a{color:inherit}
tr,li,.facts div,.note,figure{break-inside:avoid}
.tree li,tr:has(ul){break-inside:auto}
thead{display:table-header-group}
.tiles{grid-template-columns:repeat(4,1fr);gap:.5rem}.tiles .figure{font-size:14pt}
details::details-content{content-visibility:visible;display:block;block-size:auto}
summary{list-style:none}
.badge,.tiles li,.note,.bar,.flows{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
