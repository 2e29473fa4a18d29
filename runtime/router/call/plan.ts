import { Refusal } from "../errors.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { Candidate } from "./candidate.ts";

/** What decides where a request can go. */
export interface PlanFor {
  /** Bytes of the body as the cell sent it. */
  readonly bodyBytes: number;
  /** Screening keeps it inside. */
  readonly inside: boolean;
}

/**
 * The models to try, in order. Cheap first: a small request goes to the cheap model before the chain, and on to the chain
 * when the cheap one fails, refuses or does not finish.
 * @throws Refusal `screening/no-internal-model`, `residency/forbidden`.
 */
export function planFor(tenant: Tenant, { bodyBytes, inside }: PlanFor): readonly Candidate[] {
  if (inside) {
    if (tenant.inside.length === 0) throw new Refusal("screening/no-internal-model");
    return tenant.inside;
  }
  const { cheapFirst, chain } = tenant;
  const plan = cheapFirst !== undefined && bodyBytes <= tenant.cheapUpToBytes ? cheapFirst : chain;
  if (plan.length === 0) throw new Refusal("residency/forbidden");
  return plan;
}
