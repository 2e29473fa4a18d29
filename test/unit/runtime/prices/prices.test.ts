import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvironmentFile } from "../../../../cli/environment.ts";
import { costMicroUsd, findPrice } from "../../../../runtime/prices/index.ts";
import { FREE } from "../../../../runtime/prices/price.ts";
import { PRICE_BOOK } from "../../../../runtime/prices/price-book.ts";
import { PUBLIC_PROVIDERS } from "../../../../runtime/router/providers/catalogue.ts";
import type { ModelPrice } from "../../../../runtime/settings/services.ts";

const DAY = "2026-11-23";
const openai = { kind: "openai", host: "api.openai.com", internal: false } as const;

describe("the price book", () => {
  test("has whole micro-prices, a day and a source in every row, and each model of a host once a day", () => {
    const keys = PRICE_BOOK.map(({ host, model, source }) => `${host} ${model} ${source.from}`);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { input, output, cachedInput, source, tiers = [] } of PRICE_BOOK) {
      expect(source.name).not.toBe("");
      expect(source.from).toMatch(/^20\d\d-\d\d-\d\d$/);
      for (const amount of [input, output, cachedInput ?? 0]) {
        if (amount !== null) expect(Number.isSafeInteger(amount) && amount >= 0).toBe(true);
      }
      expect(cachedInput ?? 0).toBeLessThanOrEqual(input ?? 0);
      const above = tiers.map((tier) => tier.above);
      expect(above).toEqual([...above].sort((a, b) => a - b));
      for (const tier of tiers) expect(tier.inputMicroUsd).toBeGreaterThanOrEqual(input ?? 0);
    }
  });

  test("has a price for every model that the environment `local` names, at its own provider", () => {
    const { settings } = readEnvironmentFile("local");
    const { tenants } = settings.multi_tenant;
    expect(tenants.length).toBeGreaterThan(0);
    for (const { llm_config } of tenants) {
      const { provider, model } = llm_config;
      const kind = provider === "openai" ? "openai" : "anthropic";
      const host = PUBLIC_PROVIDERS.find((known) => known.kind === kind)?.host ?? "";
      expect([model, findPrice({ kind, host, model, internal: false }, DAY, [])]).not.toEqual([model, undefined]);
    }
  });

  test("is not used where it is not verified or not in USD: those models have no price", () => {
    const models = ["qwen-plus", "qwen-max"].map(
      (model) => ({ kind: "qwen", host: "dashscope.aliyuncs.com", model, internal: false }) as const,
    );
    for (const model of models) expect(findPrice(model, DAY, [])).toBeUndefined();
    const [first] = models;
    if (first !== undefined)
      expect(findPrice({ ...first, host: "dashscope-intl.aliyuncs.com" }, DAY, [])).toBeDefined();
    for (const { host, model, source, currency } of PRICE_BOOK) {
      if (source.confidence !== "unverified" && currency === "USD") continue;
      expect(findPrice({ kind: "ernie", host, model, internal: false }, DAY, [])).toBeUndefined();
    }
  });
});

test("a row that nobody read, or in another currency, is no price even where it looks like one", () => {
  const source = { name: "s", from: "2026-01-01", confidence: "high" } as const;
  const row = { host: "h", model: "m", currency: "USD", input: 1, output: 2, source } as const;
  const price = (change: object) =>
    findPrice({ kind: "ernie", host: "h", model: "m", internal: false }, DAY, [], [{ ...row, ...change }]);
  expect(price({})).toMatchObject({ inputMicroUsd: 1, outputMicroUsd: 2 });
  expect(price({ source: { ...source, confidence: "unverified" } })).toBeUndefined();
  expect(price({ source: { ...source, from: "2026-12-01" } })).toBeUndefined();
  expect(price({ currency: "CNY" })).toBeUndefined();
  expect(price({ input: null })).toBeUndefined();
});

describe("a model's price", () => {
  test("is that of the exact host: no other server of the same model has it", () => {
    expect(findPrice({ ...openai, model: "gpt-4o" }, DAY, [])).toBeDefined();
    for (const host of ["localhost", "api.openai.com.example.com", "openai.com"]) {
      expect(findPrice({ ...openai, host, model: "gpt-4o" }, DAY, [])).toBeUndefined();
    }
  });

  test("is the contract's before the book's, the newest that holds already", () => {
    const contract = (from: string, input_micro_usd: number): ModelPrice => ({
      kind: "openai",
      model: "gpt-4o",
      input_micro_usd,
      output_micro_usd: 1,
      from,
      source: "contract",
    });
    const price = (day: string) =>
      findPrice({ ...openai, model: "gpt-4o" }, day, [contract("2026-10-01", 10), contract("2026-12-01", 12)])
        ?.inputMicroUsd;
    expect([price("2026-09-30"), price("2026-10-01"), price("2026-11-30"), price("2026-12-01")]).toEqual([
      2_500_000, 10, 10, 12,
    ]);
  });

  test("is nothing by the token for the stand-in and for models on own machines, and for no others", () => {
    const at = (kind: "echo" | "vllm" | "nim" | "openai-compatible", internal: boolean) =>
      findPrice({ kind, host: "h", model: "m", internal }, DAY, []);
    expect([at("echo", false), at("vllm", true), at("nim", true)]).toEqual([FREE, FREE, FREE]);
    expect([at("vllm", false), at("nim", false), at("openai-compatible", true)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe("a cost", () => {
  test("is rounded up to whole micro-USD, and cached input is cheaper", () => {
    const price = { inputMicroUsd: 2_500_000, cachedInputMicroUsd: 1_250_000, outputMicroUsd: 10_000_000 };
    expect(costMicroUsd(price, { tokensIn: 1, cachedIn: 0, tokensOut: 0 })).toBe(3);
    expect(costMicroUsd(price, { tokensIn: 1000, cachedIn: 0, tokensOut: 100 })).toBe(3500);
    expect(costMicroUsd(price, { tokensIn: 1000, cachedIn: 1000, tokensOut: 100 })).toBe(2250);
  });

  test("of more tokens is never less, across tiers too, so that a bound of tokens bounds the cost", () => {
    const prices = PRICE_BOOK.flatMap(
      ({ host, model }) => findPrice({ kind: "qwen", host, model, internal: false }, DAY, []) ?? [],
    );
    const count = fc.nat(400_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...prices),
        count,
        count,
        count,
        count,
        (price, tokensIn, moreIn, tokensOut, moreOut) => {
          const cost = costMicroUsd(price, { tokensIn, cachedIn: Math.floor(tokensIn / 2), tokensOut });
          const bound = costMicroUsd(price, {
            tokensIn: tokensIn + moreIn,
            cachedIn: 0,
            tokensOut: tokensOut + moreOut,
          });
          expect(cost).toBeLessThanOrEqual(bound);
          expect(Number.isSafeInteger(cost)).toBe(true);
        },
      ),
    );
  });
});
