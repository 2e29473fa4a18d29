import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";
import { PROVIDER_KINDS } from "../services.ts";
import { usdLeaf } from "./usd.ts";

const price = (says: string) => usdLeaf({ says, unit: "USD per million tokens", enforcer: ENFORCERS.prices });

/** A price of the company's own contract; it comes before the price book's. */
export const priceEntry = z.strictObject({
  kind: leaf(z.enum(PROVIDER_KINDS), {
    says: "Kind of the provider, as in model_providers.",
    enforcer: ENFORCERS.prices,
  }),
  model: leaf(z.string().min(1).max(200), {
    says: "The provider's own id of the model.",
    enforcer: ENFORCERS.prices,
  }),
  input_usd: price("Price of what the model reads."),
  cached_input_usd: price("Price of what the provider had in its own cache; left out: as input_usd.").optional(),
  output_usd: price("Price of what the model writes."),
  from: leaf(z.iso.date(), {
    says: "Day, UTC, from which on the price holds.",
    enforcer: ENFORCERS.prices,
    refusals: {
      invalid_format: {
        code: "settings/invalid-format",
        expected: "a day as YYYY-MM-DD",
        remedy: 'write it as in "2026-11-23"',
      },
    },
  }),
  source: leaf(z.string().min(1).max(500), {
    says: "Where the price is written down: a contract, a page and its date.",
    enforcer: { label: "shown to people" },
  }),
});

/** The one way from cells to models: budgets, screening, fallback, cache. */
export const modelRouter = z.strictObject({
  replicas: leaf(z.number().int().min(1).max(10), {
    says: "Model routers that answer at the same time.",
    enforcer: ENFORCERS.routerPod,
  }).default(2),
  first_byte_timeout_seconds: leaf(z.number().int().min(1).max(300), {
    says: "How long a provider may take to begin its answer; then the next one is tried.",
    unit: "seconds",
    enforcer: ENFORCERS.fallback,
  }).default(60),
  retries: z
    .strictObject({
      per_provider: leaf(z.number().int().min(0).max(5), {
        says: "Repeats of one provider before the next is tried; never after the first byte of an answer.",
        enforcer: ENFORCERS.fallback,
      }).default(1),
      percent: leaf(z.number().min(0).max(100), {
        says: "Share of all requests that may be repeats, so that a provider in trouble is not asked twice as often.",
        unit: "percent",
        enforcer: ENFORCERS.fallback,
      }).default(20),
    })
    .prefault({}),
  breaker: z
    .strictObject({
      failures: leaf(z.number().int().min(1).max(1000), {
        says: "Failures in a row after which a provider is left alone.",
        enforcer: ENFORCERS.fallback,
      }).default(5),
      open_seconds: leaf(z.number().int().min(1).max(3600), {
        says: "How long it is left alone before one request tries it again.",
        unit: "seconds",
        enforcer: ENFORCERS.fallback,
      }).default(30),
    })
    .prefault({}),
  prices: z.array(priceEntry).max(1000).default([]),
});
