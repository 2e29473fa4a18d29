import { readFileSync } from "node:fs";
import { ProblemError } from "@breakwater/runtime/problems";
import { expect, test } from "vitest";
import { readPriceBook, shippedPriceBook } from "../../../cost/price-book.ts";
import { PRICE_BOOK } from "../../../runtime/prices/price-book.ts";

const good = ["aws", "us-east-1", "m7i.large", "compute", "hour", 0.1008, "USD", "high", "2026-07-20", 0];

function problemsOf(rows: readonly unknown[]): readonly string[] {
  try {
    readPriceBook({ read: "2026-11-23", sources: ["a list"], notes: [], rows });
    return [];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code, path, got }) => `${code} ${path}: ${got}`);
    throw error;
  }
}

test("the shipped price book has its 578 rows, 32 of them without a figure", () => {
  const { rows } = shippedPriceBook();
  expect(rows.length).toBe(578);
  expect(rows.filter(({ priceNano }) => priceNano === null).length).toBe(32);
  expect(shippedPriceBook().find("aws", "us-east-1", "eks.cluster")?.priceNano).toBe(100_000_000);
});

test("no source or note speaks of files that a reader cannot find", () => {
  const text = readFileSync(new URL("../../../cost/pricebook.json", import.meta.url), "utf8");
  expect(text).not.toMatch(/stored|file id|seed/i);
});

test("a broken row is named by its number and by what it is of", () => {
  const broken = [...good.slice(0, 5), -1, ...good.slice(6)];
  expect(problemsOf([good, broken])[0]).toMatch(
    /^cost\/broken-price-book pricebook.json rows\[1\] "aws us-east-1 m7i.large": price: /,
  );
});

test.each([
  ["a price that is text", [...good.slice(0, 5), "0.1", ...good.slice(6)]],
  ["a currency that is not read", [...good.slice(0, 6), "EUR", ...good.slice(7)]],
  ["a day that is none", [...good.slice(0, 8), "2026-13-01", 0]],
  ["a source that is not listed", [...good.slice(0, 9), 7]],
  ["a column too many", [...good, 0, 0]],
  ["no row at all", null],
])("%s is refused", (_, row) => {
  expect(problemsOf([row]).length).toBeGreaterThan(0);
});

test("the same thing twice is refused, because two prices would be as good as none", () => {
  expect(problemsOf([good, good])).toEqual([
    'cost/broken-price-book pricebook.json rows[1] "aws us-east-1 m7i.large": a second row for the same thing',
  ]);
});

test("every broken row is reported at once", () => {
  expect(problemsOf([null, [], good]).length).toBeGreaterThanOrEqual(2);
});

const HOSTS: Readonly<Record<string, string>> = {
  "api.openai.com": "llm:openai",
  "api.anthropic.com": "llm:anthropic",
  "api.deepseek.com": "llm:deepseek",
};

test("where both have a model, the price book and that of the model router have the same price", () => {
  let both = 0;
  for (const { host, model, input, output } of PRICE_BOOK) {
    const provider = HOSTS[host];
    if (provider === undefined || input === null || output === null) continue;
    const [a, b] = ["input", "output"].map(
      (way) => shippedPriceBook().find(provider, "global", `${model}.${way}`)?.priceNano,
    );
    if (a === undefined || b === undefined) continue;
    expect([a, b], model).toEqual([input * 1000, output * 1000]);
    both += 1;
  }
  expect(both).toBeGreaterThan(10);
});
