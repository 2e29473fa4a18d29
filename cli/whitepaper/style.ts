/** The page's looks: readable on a phone, by day and night, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--line:#8888;--soft:#8882}
body{font:16px/1.55 system-ui,"Noto Sans CJK SC","Noto Sans CJK KR",sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1,h2,h3{line-height:1.25}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem}dt{font-size:.8rem;opacity:.75}dd{margin:0;font-weight:600}
figure{margin:1rem 0}figcaption{font-weight:600;margin-bottom:.5rem}
.wide{overflow-x:auto;max-width:100%}
svg{color:inherit;font-size:14px;max-width:none}
svg rect{fill:var(--soft);stroke:currentColor}svg .outside rect{stroke-dasharray:4 3;fill:none}
svg .tenant rect{stroke-width:2}svg text{fill:currentColor}svg .place{font-size:11px;opacity:.75}
svg .flow path{fill:none;stroke:currentColor;opacity:.75}svg .sender path,svg .receiver path{stroke-dasharray:5 3}svg .ports{font-size:10px}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere;min-width:5rem}
.statements{list-style:none;padding:0}.statements>li{padding:.6rem 0;border-bottom:1px solid var(--line)}
.mark{display:inline-block;font-size:.75rem;border:1px solid;border-radius:.25rem;padding:0 .35rem;margin-right:.35rem}
.mark.not-shown{border-style:dashed}.mark.procedure{background:var(--soft)}
code{font-size:.8rem;overflow-wrap:anywhere}summary{cursor:pointer;font-size:.85rem}
@media print{main{max-width:none;padding:0}.wide{overflow:visible}svg{max-width:100%;height:auto}
section,tr,.statements>li{break-inside:avoid-page}section{break-inside:auto}h2{break-after:avoid}}
`;
