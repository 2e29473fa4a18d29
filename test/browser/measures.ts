import type { Page } from "playwright-core";

/** What is wrong with a page as the browser shows it, one sentence each. */
type Measure = (page: Page) => Promise<readonly string[]>;

/** Runs inside the page, where there is no TypeScript: a body that returns texts. `texts()` are the visible pieces of text. */
function inside(body: string): Measure {
  const shared = `
    const texts = () => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const found = [];
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const range = document.createRange();
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (node.textContent.trim() === "" || box.width === 0 || !node.parentElement.checkVisibility()) continue;
        found.push({ text: node.textContent.trim().slice(0, 60), element: node.parentElement, box });
      }
      return found;
    };
    const open = () => { for (const details of document.querySelectorAll("details")) details.open = true; };`;
  return (page) => page.evaluate<readonly string[]>(`(async () => {${shared}\n${body}})()`);
}

/** Everything stays within the width, and the document does not scroll sideways. */
export const overflow = inside(`
  open();
  const width = document.documentElement.clientWidth;
  const scroll = document.documentElement.scrollWidth > width ? ["the document is " + document.documentElement.scrollWidth + " wide"] : [];
  return [...scroll, ...texts().filter(({ box }) => box.right > width + 0.5 || box.left < -0.5).map(({ text }) => "cut off: " + text)];`);

/** No text is smaller than 16 pixels on the screen, that of a scaled picture included. */
export const smallText = inside(`
  open();
  return texts().flatMap(({ text, element }) => {
    const scale = element instanceof SVGElement ? element.getScreenCTM().a : 1;
    const size = Number.parseFloat(getComputedStyle(element).fontSize) * scale;
    return size < 15.99 ? [size.toFixed(1) + " px: " + text] : [];
  });`);

/** Text against what is behind it has a contrast of 4.5 at least, as WCAG 2 counts it. */
export const lowContrast = inside(String.raw`
  open();
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return { channels: [r, g, b], a };
  };
  const light = (channels) => {
    const [r, g, b] = channels.map((value) => value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      if (at instanceof SVGElement) continue;
      const back = parse(getComputedStyle(at).backgroundColor);
      if (back.a === 1) return back.channels;
    }
    return [255, 255, 255];
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  return texts().flatMap(({ text, element }) => {
    const style = getComputedStyle(element);
    const color = parse(element instanceof SVGElement ? style.fill : style.color).channels;
    const back = element instanceof SVGElement && element.closest("g")?.querySelector("rect");
    const filled = back && getComputedStyle(back).fill !== "none" ? parse(getComputedStyle(back).fill).channels : behind(element);
    const found = ratio(color, filled);
    return found < 4.5 ? [found.toFixed(2) + ": " + text] : [];
  });`);

/** One h1, no level left out, ids that are one thing's, and links that lead to something of the same page. */
export const brokenStructure = inside(`
  const problems = [];
  const levels = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map((heading) => Number(heading.tagName[1]));
  if (levels.filter((level) => level === 1).length !== 1 || levels[0] !== 1) problems.push("not one h1 at the start");
  levels.forEach((level, index) => { if (index > 0 && level > levels[index - 1] + 1) problems.push("h" + level + " after h" + levels[index - 1]); });
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) problems.push("two of " + id);
  for (const link of document.querySelectorAll("a")) {
    const href = link.getAttribute("href") ?? "";
    if (!href.startsWith("#") || !ids.includes(href.slice(1))) problems.push("leads nowhere: " + href);
  }
  return problems;`);

/** On paper nothing is folded away, and what a link leads to has a heading by which it is found. */
export const lostOnPaper = inside(`
  const hidden = [...document.querySelectorAll("details > :not(summary)")].filter((part) => !part.checkVisibility({ contentVisibilityAuto: true }) || part.getBoundingClientRect().height === 0);
  const dumb = [...document.querySelectorAll("a")].filter((link) => {
    const target = document.querySelector(CSS.escape ? "#" + CSS.escape(link.hash.slice(1)) : link.hash);
    const heading = target?.querySelector("h1,h2,h3")?.textContent.trim() ?? "";
    return link.textContent.trim() === "" || heading === "";
  });
  return [...hidden.map((part) => "folded: " + part.textContent.trim().slice(0, 60)), ...dumb.map((link) => "no heading for: " + link.textContent)];`);

/** Chinese and Korean letters that the fonts of this machine draw as nothing, or as the box of a letter that nobody has. */
export const tofu = inside(String.raw`
  const canvas = new OffscreenCanvas(40, 40);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.font = "24px " + getComputedStyle(document.body).fontFamily;
  const ink = (letter) => {
    context.clearRect(0, 0, 40, 40);
    context.fillText(letter, 4, 30);
    return [...context.getImageData(0, 0, 40, 40).data].filter((_, index) => index % 4 === 3).join();
  };
  const missing = ink("\u{10fffd}");
  const empty = ink(" ");
  const letters = new Set(document.body.textContent.match(/\p{Script=Han}|\p{Script=Hangul}/gu) ?? []);
  return [...letters].filter((letter) => [missing, empty].includes(ink(letter)));`);

/** Letters of a script that a page has. */
export async function lettersOf(page: Page, script: "Han" | "Hangul"): Promise<number> {
  return page.evaluate<number>(`(document.body.textContent.match(/\\p{Script=${script}}/gu) ?? []).length`);
}
