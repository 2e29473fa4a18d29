import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import type { LeafFacts } from "../leaf.ts";
import { leaf } from "../leaf.ts";

/** No request is without a cap: an answer of 8192 tokens is some twelve pages. */
const DEFAULT_MAX_TOKENS = 8192;

const enforcers = {
  chain: ENFORCERS.modelRouter,
  fallbacks: ENFORCERS.fallback,
  cheap: ENFORCERS.cheapFirst,
  inside: ENFORCERS.internalModel,
} as const satisfies Readonly<Record<string, LeafFacts["enforcer"]>>;

/** A provider by its name in model_providers, and the provider's own id of the model. */
function modelRef(role: keyof typeof enforcers) {
  return {
    provider: leaf(z.string().min(1).max(50), {
      says: "Name of an entry of model_providers.",
      enforcer: enforcers[role],
    }),
    model: leaf(z.string().min(1).max(200), {
      says: "The provider's own id of the model.",
      enforcer: enforcers[role],
    }),
  };
}

/** Which models answer a tenant, and what a request may cost. */
export const llmConfig = z.strictObject({
  ...modelRef("chain"),
  max_tokens_per_request: leaf(z.number().int().positive(), {
    says: "Most tokens that one model request may produce.",
    unit: "tokens",
    enforcer: ENFORCERS.tokenCap,
  }).default(DEFAULT_MAX_TOKENS),
  fallbacks: z
    .array(z.strictObject(modelRef("fallbacks")))
    .max(8)
    .default([]),
  cheap_first: z
    .strictObject({
      ...modelRef("cheap"),
      max_prompt_bytes: leaf(z.number().int().positive().max(20_971_520), {
        says: "Requests of at most so many bytes try this model first; what it cannot answer goes to the others. An agent's system prompt alone has some 30 kB.",
        unit: "bytes",
        enforcer: ENFORCERS.cheapFirst,
      }),
    })
    .optional(),
  internal: z.strictObject(modelRef("inside")).optional(),
  cache_ttl_seconds: leaf(z.number().int().positive().max(86_400), {
    says: "How long the answer to exactly the same request may be given again, within the tenant; left out: never.",
    unit: "seconds",
    enforcer: ENFORCERS.cache,
  }).optional(),
  allow_unpriced: leaf(z.boolean(), {
    says: "Whether models without a price may be used; they are counted as free and marked.",
    enforcer: ENFORCERS.prices,
  }).default(false),
});
