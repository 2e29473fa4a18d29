import type { FastifyRequest } from "fastify";
import type { AuditLog } from "../audit/index.ts";
import type { Keyring, Principal } from "../identity/index.ts";
import { authenticate } from "./authenticate.ts";
import { refusal } from "./errors.ts";
import { type Permission, requirePermission } from "./permissions.ts";
import { resolveTenant } from "./tenancy.ts";

/** What the guard reads from the world. */
export interface GuardDeps {
  readonly keyring: () => Keyring;
  readonly permitted: (role: string, needed: string) => boolean;
  readonly audit: Pick<AuditLog, "healthy" | "ready">;
  readonly now: () => Date;
}

/**
 * Stands before every route that needs a permission, before the body is read: who is it, which tenant, may they, can it
 * be audited. Without a working audit log nothing is started, because its record could not be written either.
 * @throws Refusal `identity/*`, `tenancy/*`, `permission/denied`, `audit/unavailable`.
 */
export async function guard(
  request: FastifyRequest,
  needed: Permission,
  tenantOf: (principal: Principal) => string | undefined,
  { keyring, permitted, audit, now }: GuardDeps,
): Promise<void> {
  const { trail, headers } = request;
  trail.action = needed;
  const principal = authenticate(keyring(), headers.authorization, now());
  trail.principal = principal.keyId;
  trail.role = principal.role;
  // A refused request is recorded under the key's own tenant, not under the one that it asked for.
  trail.tenant = principal.tenant;
  trail.tenant = tenantOf(principal) ?? null;
  requirePermission(permitted, principal.role, needed);
  if (!audit.healthy && !(await audit.ready())) throw refusal("audit/unavailable", "a log that takes no record");
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
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}
