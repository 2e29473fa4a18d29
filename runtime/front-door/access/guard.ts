import type { IncomingHttpHeaders } from "node:http";
import type { FastifyRequest } from "fastify";
import type { AuditLog } from "../../audit/index.ts";
import type { Keyring, Permission, Principal } from "../../identity/index.ts";
import type { Caller, Limiter } from "../../limits/index.ts";
import { refusal } from "../errors.ts";
import type { Trail } from "../trail.ts";
import { authenticate } from "./authenticate.ts";
import { takeRequest } from "./guard-limits.ts";
import { requirePermission } from "./permissions.ts";
import { resolveTenant } from "./tenancy.ts";

/** What the guard reads from the world. */
export interface GuardDeps {
  readonly keyring: () => Keyring;
  readonly limiter: Limiter;
  readonly audit: Pick<AuditLog, "healthy" | "ready">;
  readonly now: () => Date;
}

const ADMIN_ACTS: ReadonlySet<Permission> = new Set([
  "agent:create",
  "agent:update",
  "agent:delete",
  "skill:install",
  "skill:remove",
  "key:create",
  "key:rotate",
  "key:revoke",
]);

/**
 * Decides whether a request may go on, before its body is read: who is it, which tenant, may they, within their limits.
 * Everything learnt goes into the trail first, so that a refusal is recorded with it.
 * @throws Refusal `identity/*`, `tenancy/*`, `permission/denied`, `limits/rate`.
 */
export function admit(
  trail: Trail,
  headers: IncomingHttpHeaders,
  needed: Permission,
  tenantOf: (principal: Principal) => string | undefined,
  { keyring, limiter, now }: Omit<GuardDeps, "audit">,
): Caller {
  trail.action = needed;
  if (ADMIN_ACTS.has(needed)) trail.kind = "admin";
  const principal = authenticate(keyring(), headers.authorization, now());
  trail.principal = principal.keyId;
  trail.role = principal.role;
  // A refused request is recorded under the key's own tenant, not under the one that it asked for.
  trail.tenant = principal.tenant;
  trail.tenant = tenantOf(principal) ?? null;
  requirePermission(principal, needed);
  const caller = { keyId: principal.keyId, keyLimits: principal.limits, tenant: trail.tenant };
  takeRequest(limiter, caller);
  return caller;
}

/**
 * Stands before every route that needs a permission. Without a working audit log nothing is started, because its record
 * could not be written either.
 * @throws Refusal as {@link admit}, and `audit/unavailable`.
 */
export async function guard(
  request: FastifyRequest,
  needed: Permission,
  tenantOf: (principal: Principal) => string | undefined,
  deps: GuardDeps,
): Promise<void> {
  request.caller = admit(request.trail, request.headers, needed, tenantOf, deps);
  const { audit } = deps;
  if (!audit.healthy && !(await audit.ready())) throw refusal("audit/unavailable", "a log that takes no record");
}

declare module "fastify" {
  interface FastifyRequest {
    /** Whose limits a guarded request counts against. */
    caller: Caller;
  }
}

/** The guard of a route that acts for one tenant: the key's own, or for an unbound key the one that the caller names. */
export function guardTenant(
  request: FastifyRequest,
  needed: Permission,
  deps: GuardDeps & { readonly served: ReadonlySet<string> },
): Promise<void> {
  const named = header(request, "x-tenant-id");
  return guard(request, needed, (principal) => resolveTenant(principal, named, deps.served), deps);
}

/** Whom a guarded request acts for; the guard has put both there, or the request would not have come this far. */
export function ownerOf({ trail }: FastifyRequest): { readonly tenant: string; readonly keyId: string } {
  const { tenant, principal } = trail;
  if (tenant === null || principal === null) throw refusal("service/internal", "a request that passed no guard");
  return { tenant, keyId: principal };
}

/** One header as text. Node joins repeated ones with a comma, which no valid value of ours contains. */
export function header({ headers }: { readonly headers: IncomingHttpHeaders }, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
