import type { Principal } from "../../identity/index.ts";
import { quote, refusal } from "../errors.ts";

/**
 * Decides which tenant a request acts for. A bound key acts for its own tenant only; the header may repeat it and never
 * change it. An unbound key must name one. A bound key learns nothing about which other tenants exist.
 * @throws Refusal `tenancy/mismatch`, `tenancy/missing`, `tenancy/unknown`.
 */
export function resolveTenant(principal: Principal, named: string | undefined, served: ReadonlySet<string>): string {
  const tenant = agreed(principal, named);
  if (tenant === undefined) throw refusal("tenancy/missing", "nothing");
  if (!served.has(tenant)) throw refusal("tenancy/unknown", quote(tenant));
  return tenant;
}

const TENANT_ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Decides whose records a reader of the audit log sees: a bound key its own tenant's, an unbound key the named tenant's
 * or, naming none, everybody's (undefined). A tenant that is no longer served can still be audited.
 * @throws Refusal `tenancy/mismatch`, `tenancy/unknown`.
 */
export function resolveAuditedTenant(
  principal: Principal,
  header: string | undefined,
  query: string | undefined,
): string | undefined {
  if (header !== undefined && query !== undefined && header !== query) {
    throw refusal("tenancy/mismatch", "one tenant in the header and another in the query");
  }
  const tenant = agreed(principal, query ?? header);
  if (tenant !== undefined && !TENANT_ID.test(tenant)) throw refusal("tenancy/unknown", quote(tenant));
  return tenant;
}

function agreed({ tenant }: Principal, named: string | undefined): string | undefined {
  if (tenant === null) return named;
  if (named !== undefined && named !== tenant) throw refusal("tenancy/mismatch", `another tenant: ${quote(named)}`);
  return tenant;
}
