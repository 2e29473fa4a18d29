import { costMicroUsd, type Price, type Tokens } from "../../prices/index.ts";

/**
 * Tokens that a provider's template adds to a message or a tool: role marks, separators, names. OpenAI's take 3 to 4 a
 * message and about 10 a tool (OpenAI cookbook, "How to count tokens with tiktoken"); other templates are longer, and the
 * bound must hold for all of them.
 */
const TOKENS_PER_ITEM = 64;

/** Tokens that a template adds once: what introduces tools, Anthropic's up to 804 for older models (its tool use page, 2026). */
const TOKENS_ONCE = 1024;

/**
 * Most input tokens that a request can have.
 *
 * Tokenizers on bytes make at most one token of a byte: "the token sequence is shorter than the bytes corresponding to
 * the original text" (tiktoken's README, pypi.org/project/tiktoken/0.14.0, read 2026-11-23), and SentencePiece falls
 * back to bytes. The body's JSON text is at least as long as the text in it.
 */
export function boundTokensIn(bodyBytes: number, messages: number, tools: number): number {
  return bodyBytes + TOKENS_PER_ITEM * (messages + tools) + TOKENS_ONCE;
}

/** The most that a request can cost, in micro-USD; undefined when no price is known for a prompt of that size. */
export function worstCaseMicroUsd(price: Price, tokensIn: number, tokensOut: number): number | undefined {
  if (price.knownUpTo !== undefined && tokensIn > price.knownUpTo) return undefined;
  return costMicroUsd(price, { tokensIn, cachedIn: 0, tokensOut });
}

/** Whether usage figures can be true: whole numbers, and not more cached input than input. */
export function isPlausible({ tokensIn, cachedIn, tokensOut }: Tokens): boolean {
  return isCount(tokensIn) && isCount(cachedIn) && isCount(tokensOut) && cachedIn <= tokensIn;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0 && value < 2 ** 31;
}
