import { z } from "zod";
import { ENFORCERS } from "../enforcers.ts";
import { leaf } from "../leaf.ts";

/** How much one caller may ask for; what is left out is not limited at this level. `whose`: "one API key", "the tenant". */
export function limitsOf(whose: string) {
  return z.strictObject({
    requests_per_minute: leaf(z.number().int().min(1).max(1_000_000), {
      says: `Most requests that ${whose} may send in a minute; more get 429.`,
      unit: "requests per minute",
      enforcer: ENFORCERS.limits,
    }).optional(),
    concurrent_requests: leaf(z.number().int().min(1).max(100_000), {
      says: `Most requests of ${whose} that run at the same time; more get 429.`,
      unit: "requests",
      enforcer: ENFORCERS.limits,
    }).optional(),
  });
}
