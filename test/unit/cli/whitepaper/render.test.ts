import { expect, test } from "vitest";
import { htmlPaper } from "../../../../cli/whitepaper/html.ts";
import { markdownPaper } from "../../../../cli/whitepaper/markdown.ts";
import { type Paper, paperOf } from "../../../../cli/whitepaper/paper.ts";
import { STATEMENTS } from "../../../../cli/whitepaper/statements.ts";
import { LANGUAGES, TEXTS } from "../../../../cli/whitepaper/texts/index.ts";
import { shippedPlan } from "./shipped.ts";

let made: Promise<Paper> | undefined;
function localPaper(): Promise<Paper> {
  made ??= shippedPlan("local").then(paperOf);
  return made;
}

test("the languages have the same texts, none empty, and each of its own", () => {
  const keys = Object.keys(TEXTS.en);
  for (const language of LANGUAGES) {
    expect(Object.keys(TEXTS[language])).toEqual(keys);
    expect(Object.values(TEXTS[language]).filter((text) => text.trim() === "")).toEqual([]);
  }
  const translated = keys.filter((key) => TEXTS.zh[key as never] === TEXTS.en[key as never]);
  expect(translated).toEqual([]);
});

test("every statement has a text, and every text of a chapter its statement", () => {
  const chapters = Object.keys(TEXTS.en).filter((key) => /^(flow|access|encryption|audit|incident)\./.test(key));
  expect(STATEMENTS.map(({ key }) => key as string).toSorted()).toEqual(chapters.toSorted());
});

test.each(LANGUAGES)(
  "a page in %s is one file without script, and has every statement with its mark",
  async (language) => {
    const paper = await localPaper();
    const html = htmlPaper(paper, language);
    expect(html).not.toMatch(/<script|<link|<img|@import|url\((?!#)|href=|src=/);
    expect(html).toContain('name="viewport"');
    expect(html).toContain("@media print");
    for (const { key } of paper.statements) expect(html).toContain(TEXTS[language][key].replaceAll("'", "&#39;"));
    expect(html.match(/class="mark /g)).toHaveLength(paper.statements.length);
  },
);

test.each(LANGUAGES)("Markdown in %s has every statement, its mark and its citations", async (language) => {
  const paper = await localPaper();
  const text = markdownPaper(paper, language);
  for (const { key, citations } of paper.statements) {
    expect(text).toContain(TEXTS[language][key]);
    for (const citation of citations) expect(text).toContain(citation.kind === "check" ? citation.id : citation.urn);
  }
  expect(text).toContain(`**[${TEXTS[language]["mark.procedure"]}]**`);
});

test("a name out of the plan cannot become markup", async () => {
  const paper = { ...(await localPaper()), environment: '<img src="x">', warnings: ["<script>alert(1)</script>"] };
  const html = htmlPaper(paper, "en");
  expect(html).not.toMatch(/<script|<img/);
});
