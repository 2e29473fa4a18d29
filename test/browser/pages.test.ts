import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { environmentNames } from "../../cli/environment.ts";
import { openBrowser } from "../support/browser.ts";
import { brokenStructure, lettersOf, lostOnPaper, lowContrast, overflow, smallText, tofu } from "./measures.ts";
import { type ShippedPage, shippedPages } from "./shipped-pages.ts";

const PHONE = { width: 360, height: 780 };
const SCREEN = { width: 1280, height: 900 };
/** What is left of A4 between the margins of the pages, at 96 dots an inch. */
const PAPER = { width: 680, height: 1000 };

/** A page as it is open in the browser. */
interface Shown extends ShippedPage {
  readonly page: Page;
  readonly address: string;
  /** What the page asked for, and what the browser complained of. */
  readonly noise: readonly string[];
}

/** Each guarantee with what looks for its faults; in this order on each page, because a page takes long to open. */
const GUARANTEES: Readonly<Record<string, (shown: Shown) => Promise<readonly string[]>>> = {
  "a page asks for nothing, and the browser complains of nothing": async ({ noise }) => noise,
  "a page says its language": async ({ page, lang }) => {
    const said = await page.evaluate<string>("document.documentElement.lang");
    return said === lang ? [] : [said];
  },
  "headings are in order, and every link leads to something of its page": ({ page }) => brokenStructure(page),
  "a page shows the same from a blob, as a mail program or a viewer opens it": differenceOfBlob,
  "Chinese and Korean pages have their letters, and each is drawn": async ({ page, lang }) => {
    if (lang === "en") return [];
    const letters = await lettersOf(page, lang === "ko" ? "Hangul" : "Han");
    return [...(letters < 500 ? [`only ${letters} letters`] : []), ...(await tofu(page))];
  },
  "on paper no column is cut off, nothing is folded away, and every link's target has a heading": async ({ page }) => {
    await page.emulateMedia({ media: "print" });
    await page.setViewportSize(PAPER);
    return [...(await lostOnPaper(page)), ...(await overflow(page))];
  },
  "a page prints on sheets, more than one": async ({ page }) => {
    const pdf = await page.pdf({ preferCSSPageSize: true, format: "A4" });
    const sheets = pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0;
    return sheets > 1 ? [] : [`${sheets} sheets`];
  },
  "on a screen nothing is wider than the page": async ({ page }) => {
    await page.emulateMedia({ media: null });
    await page.setViewportSize(SCREEN);
    return overflow(page);
  },
  "on a phone nothing is wider than the page": async ({ page }) => {
    await page.setViewportSize(PHONE);
    return overflow(page);
  },
  "on a phone every text has 16 pixels, that of the picture included": ({ page }) => smallText(page),
  "every text stands out by day": ({ page }) => lowContrast(page),
  "every text stands out by night": async ({ page }) => {
    await page.emulateMedia({ colorScheme: "dark" });
    return lowContrast(page);
  },
  "what got into a page all the same could neither run nor load nor send": unrefused,
};

/** Some of what makes a page differ takes long, and is the same for each environment. */
const ON_ONE_ENVIRONMENT = new Set(["a page shows the same from a blob, as a mail program or a viewer opens it"]);

const folder = mkdtempSync(join(tmpdir(), "breakwater-pages-"));
const found = new Map<string, Record<string, readonly string[]>>();
const names: string[] = [];
let browser: Awaited<ReturnType<typeof openBrowser>>;

beforeAll(async () => {
  browser = await openBrowser();
  for (const environment of environmentNames()) {
    for (const shipped of await shippedPages(environment)) {
      names.push(shipped.name);
      const shown = await open(shipped);
      for (const [guarantee, look] of Object.entries(GUARANTEES)) {
        if (ON_ONE_ENVIRONMENT.has(guarantee) && environment !== "local") continue;
        const faults = await look(shown);
        if (faults.length > 0) found.set(guarantee, { ...found.get(guarantee), [shipped.name]: faults.slice(0, 5) });
      }
      await shown.page.close();
    }
  }
}, 600_000);
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

test("every environment has a plan, and each report in three languages", () => {
  expect(names).toHaveLength(environmentNames().length * 8);
});

test.each(Object.keys(GUARANTEES))("%s", (guarantee) => {
  expect(found.get(guarantee) ?? {}).toEqual({});
});

/** Opens a page from a file, as a reader does. */
async function open(shipped: ShippedPage): Promise<Shown> {
  const file = join(folder, "page.html");
  writeFileSync(file, shipped.text);
  const address = pathToFileURL(file).href;
  const page = await browser.context.newPage();
  await page.setViewportSize(SCREEN);
  const noise: string[] = [];
  page.on("request", (request) => {
    if (request.url() !== address) noise.push(`asks for ${request.url()}`);
  });
  page.on("console", (message) => noise.push(`says ${message.text()}`));
  page.on("pageerror", (error) => noise.push(`fails: ${error.message}`));
  await page.goto(address);
  return { ...shipped, page, address, noise };
}

async function differenceOfBlob({ page, text, address }: Shown): Promise<readonly string[]> {
  const written = await page.evaluate<string>("document.body.innerText");
  const opener = await browser.context.newPage();
  await opener.goto(address);
  const opened = browser.context.waitForEvent("page");
  const source = JSON.stringify(text);
  await opener.evaluate(`void window.open(URL.createObjectURL(new Blob([${source}], { type: "text/html" })))`);
  const blob = await opened;
  await blob.waitForLoadState();
  await blob.setViewportSize(SCREEN);
  const read = await blob.evaluate<string>("document.body.innerText");
  await blob.close();
  await opener.close();
  return read === written ? [] : [`differs: ${read.slice(0, 40)}`];
}

/** What a page's policy lets through of a picture, a script, a style and a request. */
async function unrefused({ page }: Shown): Promise<readonly string[]> {
  const refused = await page.evaluate<readonly string[]>(`new Promise((resolve) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => refused.push(effectiveDirective));
    const add = (tag, attributes) => document.body.append(Object.assign(document.createElement(tag), attributes));
    add("img", { src: "http://127.0.0.1:9/x.png" });
    add("script", { textContent: "window.ran = true" });
    add("style", { textContent: "body{display:none}" });
    fetch("http://127.0.0.1:9/").catch(() => setTimeout(() => resolve(refused)));
  })`);
  const wanted = ["connect-src", "img-src", "script-src-elem", "style-src-elem"];
  const took = await page.evaluate<boolean>(
    "window.ran === true || getComputedStyle(document.body).display === 'none'",
  );
  return [...wanted.filter((directive) => !refused.includes(directive)), ...(took ? ["it took effect"] : [])];
}
