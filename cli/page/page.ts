import { createHash } from "node:crypto";
import { html, type Markup } from "./markup.ts";
import { STYLE } from "./style.ts";

/** What differs from one page to another. */
export interface PageArgs {
  /** BCP 47 tag of its texts. */
  readonly lang: string;
  readonly title: string;
  /** Follows the title. */
  readonly lead: Markup;
  readonly body: Markup;
}

/** The only style that a page takes is its own: what a text of the plan smuggled in would not count. */
const STYLE_HASH = createHash("sha256").update(STYLE).digest("base64");
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'`;

/**
 * One page that needs nothing else: no script, no font, no picture from elsewhere, and a policy that lets it ask for none.
 *
 * Checked by: test/browser, which looks at every kind of page in a real browser.
 */
export function renderPage({ lang, title, lead, body }: PageArgs): string {
  const content = html`<header>
<h1>${title}</h1>
${lead}
</header>
<main>
${body}
</main>`;
  return `<!doctype html>
${html`<html lang="${lang}">`}
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="color-scheme" content="light dark">
${html`<title>${title}</title>`}
<style>${STYLE}</style>
</head>
<body>
${content}
</body>
</html>
`;
}
