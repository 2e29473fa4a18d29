import type { ErrorCode } from "../errors.ts";

/** What every route can answer with that needs a permission. */
export const ADMITTED: readonly ErrorCode[] = [
  "identity/missing-key",
  "identity/malformed-key",
  "identity/unknown-key",
  "identity/expired-key",
  "identity/revoked-key",
  "identity/unavailable",
  "tenancy/mismatch",
  "tenancy/unknown",
  "permission/denied",
  "limits/rate",
  "audit/unavailable",
  "service/internal",
];

/** What every route can answer with that reads a JSON body of its own. */
export const WITH_BODY: readonly ErrorCode[] = [
  "admin/invalid-body",
  "request/invalid-json",
  "request/too-large",
  "request/wrong-content-type",
];

/** The header by which a key of no tenant says for which one it acts. */
export const TENANT_HEADER = {
  "x-tenant-id":
    "The tenant to act for. A key that is bound to one may only repeat it; others need it or are narrowed by it.",
};
