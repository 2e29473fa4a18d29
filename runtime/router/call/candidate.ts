import { findPrice, type Price } from "../../prices/index.ts";
import type { ModelPrice } from "../../settings/services.ts";
import type { Provider } from "../providers/provider.ts";

const DAY_MS = 86_400_000;

/** A model at a provider that a tenant's requests can go to. */
export class Candidate {
  readonly provider: Provider;
  readonly model: string;
  readonly #contract: readonly ModelPrice[];
  #day: number | undefined;
  #price: Price | undefined;

  constructor(provider: Provider, model: string, contract: readonly ModelPrice[]) {
    this.provider = provider;
    this.model = model;
    this.#contract = contract;
  }

  /** What it costs at a time; looked up once a day. Undefined: no price is known. */
  priceAt(epochMs: number): Price | undefined {
    const day = Math.floor(epochMs / DAY_MS);
    if (day !== this.#day) {
      const { kind, host, place } = this.provider;
      const what = { kind, host, model: this.model, internal: place.internal };
      this.#price = findPrice(what, new Date(day * DAY_MS).toISOString().slice(0, "2026-11-23".length), this.#contract);
      this.#day = day;
    }
    return this.#price;
  }
}
