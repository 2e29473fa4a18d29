export { findPrice, type PricedModel } from "./find-price.ts";
export { costMicroUsd, type Price, type PriceTier, type Tokens } from "./price.ts";
export type { BookPrice, PriceSource } from "./price-book.ts";
