import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser } from "../support/browser.ts";
import { brokenStructure, lostOnPaper, lowContrast, overflow, smallText, tofu } from "./measures.ts";

/** Each measure on a page that has just that fault: one that cannot fail would prove nothing of our pages. */
const FAULTS = [
  ["a line that is wider than the screen", overflow, '<p style="width:400px">wide</p>', "the document is 400 wide"],
  [
    "a text that the edge cuts off",
    overflow,
    '<p style="overflow:hidden;white-space:nowrap">'.concat("long ".repeat(60)),
    "cut off: ",
  ],
  ["a small text", smallText, '<p style="font-size:15px">small</p>', "15.0 px: small"],
  [
    "a small text of a picture",
    smallText,
    '<svg viewBox="0 0 200 20" width="100"><text y="16">small</text></svg>',
    "8.0 px: small",
  ],
  ["grey on grey", lowContrast, '<p style="background:#ccc;color:#888">pale</p>', "2.2"],
  ["a level left out", brokenStructure, "<h1>a</h1><h3>b</h3>", "h3 after h1"],
  ["a second h1", brokenStructure, "<h1>a</h1><h1>b</h1>", "not one h1 at the start"],
  ["an id twice", brokenStructure, '<h1>a</h1><p id="x"></p><p id="x"></p>', "two of x"],
  ["a link to nothing", brokenStructure, '<h1>a</h1><a href="#x">x</a>', "leads nowhere: #x"],
  ["a link out of the page", brokenStructure, '<h1>a</h1><a href="https://example.com">x</a>', "leads nowhere: https:"],
  ["what stays folded", lostOnPaper, "<details><summary>more</summary><p>hidden</p></details>", "folded: hidden"],
  [
    "a link whose target has no heading",
    lostOnPaper,
    '<a href="#x">there</a><p id="x">text</p>',
    "no heading for: there",
  ],
  ["a letter that no font has", tofu, "<p style='font-family:monospace'>\u{2fa1f}\u{323af}</p>", "\u{323af}"],
] as const;

let browser: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

test.each(FAULTS)("the tests of pages notice %s", async (_, measure, body, said) => {
  const page = await browser.context.newPage();
  await page.setViewportSize({ width: 360, height: 780 });
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>body{margin:0;font-size:16px}</style>${body}`);
  expect(await measure(page)).toContainEqual(expect.stringContaining(said));
  await page.close();
});

test("a page without a fault has none", async () => {
  const page = await browser.context.newPage();
  await page.setContent(
    '<!doctype html><meta charset="utf-8"><h1>a</h1><a href="#x">b</a><section id="x"><h2>b 글 字</h2></section>',
  );
  for (const measure of [overflow, smallText, lowContrast, brokenStructure, lostOnPaper, tofu]) {
    expect(await measure(page)).toEqual([]);
  }
  await page.close();
});
