import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { readUsage } from "../../budget/index.ts";
import type { Permission } from "../../identity/index.ts";
import type { Queries } from "../../state/index.ts";
import { authenticate } from "../access/authenticate.ts";
import { type GuardDeps, guard, header } from "../access/guard.ts";
import { resolveAuditedTenant } from "../access/tenancy.ts";
import { refusal } from "../errors.ts";
import { parseQuery } from "../http/input.ts";

export interface UsageDeps extends GuardDeps {
  readonly database: Queries;
}

/** Query of `GET /api/usage`. */
export const UsageQuery = z.object({
  tenant: z.string().min(1).max(63).optional(),
  month: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
    .optional()
    .meta({ description: "Month, UTC, as 2026-11. Left out: the current one." }),
});

const microUsd = z.number().int().meta({ unit: "micro-USD" });
const money = { limit_micro_usd: microUsd, spent_micro_usd: microUsd, reserved_micro_usd: microUsd };
const Budget = z.object({ ...money, written_off_micro_usd: microUsd });

/** What `GET /api/usage` answers with. */
export const UsageAnswer = z.object({
  month: z.string(),
  resets_at: z.iso.datetime().meta({ description: "When the budgets are fresh again." }),
  tenants: z.array(
    z.object({
      tenant: z.string(),
      budget: Budget.nullable(),
      scopes: z.array(Budget.extend({ kind: z.enum(["tenant", "agent", "key"]), id: z.string() })),
      models: z.array(
        z.object({
          agent: z.string().nullable(),
          provider: z.string(),
          model: z.string(),
          requests: z.number().int(),
          cached_requests: z.number().int(),
          tokens_in: z.number().int(),
          tokens_out: z.number().int(),
          cost_micro_usd: microUsd,
        }),
      ),
    }),
  ),
});

const REMEDY = "send `?tenant=<id>&month=<2026-11>`";

/** `GET /api/usage`: what a tenant, or everybody, used and paid in a month. */
export function registerUsage(app: FastifyInstance, deps: UsageDeps): void {
  app.get("/api/usage", {
    onRequest: (request) => {
      const { tenant } = parseQuery(UsageQuery.pick({ tenant: true }), request.query, REMEDY);
      const named = header(request, "x-tenant-id");
      return guard(request, neededOf(request, deps), (key) => resolveAuditedTenant(key, named, tenant), deps);
    },
    handler: async (request): Promise<Frozen<z.output<typeof UsageAnswer>>> => {
      const { month = monthOf(deps.now()) } = parseQuery(UsageQuery, request.query, REMEDY);
      const { tenant } = request.trail;
      try {
        return await readUsage(deps.database, tenant === null ? { month } : { tenant, month });
      } catch (error) {
        throw refusal("usage/unavailable", "usage that cannot be read now", { cause: error });
      }
    },
  });
}

/**
 * What the caller must be allowed to do. Whoever may talk to a tenant's agents may see what that costs the tenant, and
 * a bound key sees no other one; everybody else needs `usage:view`.
 */
function neededOf({ headers, trail }: FastifyRequest, { keyring, now }: GuardDeps): Permission {
  trail.action = "usage:view";
  const { tenant, permissions } = authenticate(keyring(), headers.authorization, now());
  return tenant !== null && !permissions.allows("usage:view") ? "agent:view" : "usage:view";
}

function monthOf(now: Date): string {
  return now.toISOString().slice(0, 7);
}

/** As it is answered, not to be written to: what the budget's report promises. */
type Frozen<T> = { readonly [K in keyof T]: T[K] extends (infer E)[] ? readonly Frozen<E>[] : T[K] };
