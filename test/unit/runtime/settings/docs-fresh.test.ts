import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { generatedPages } from "../../../../tools/docs/pages.ts";

test.each(generatedPages().map((page) => ({ ...page, name: basename(page.file) })))(
  "docs/$name is what npm run docs writes",
  ({ file, text }) => {
    expect(readFileSync(file, "utf8") === text, "out of date: run npm run docs").toBe(true);
  },
);
