import { z } from "zod";
import { type ApiKeyRecord, Limits } from "../settings/services.ts";
import type { KeyEntry } from "./keyring.ts";

/** A key as people see it: everything but its hash. */
export const KeyView = z.object({
  id: z.string().meta({ description: "Public part of the key's text: `bw_<id>_...`." }),
  tenant: z.string().nullable().meta({ description: "Null: bound to no tenant." }),
  role: z.string(),
  label: z.string().nullable(),
  limits: Limits,
  created: z.iso.datetime(),
  expires: z.iso.datetime().nullable().meta({ description: "Null: never." }),
  status: z.enum(["active", "replaced", "expired", "revoked"]).meta({
    description: "`replaced`: rotated, and accepted until `accepted_until` beside its successor.",
  }),
  accepted_until: z.iso.datetime().nullable().meta({ description: "End of a rotation's overlap." }),
  source: z.enum(["deployment", "api"]).meta({ description: "Who made it: the deployment, or this API." }),
  replaces: z.string().nullable().meta({ description: "Id of the key that this one took over from." }),
});
export type KeyView = z.output<typeof KeyView>;

/** What people see of a key. @param refusedFromMs see `Keyring.revokedFrom`. */
export function viewOf(
  { id, tenant, role, label, limits, created, expires }: ApiKeyRecord,
  { source, replaces }: Pick<KeyEntry, "source" | "replaces">,
  refusedFromMs: number | undefined,
  now: Date,
): KeyView {
  const revoked = refusedFromMs !== undefined && refusedFromMs <= now.getTime();
  const expired = expires !== null && Date.parse(expires) <= now.getTime();
  const status = revoked ? "revoked" : expired ? "expired" : refusedFromMs === undefined ? "active" : "replaced";
  const overlap = refusedFromMs !== undefined && Number.isFinite(refusedFromMs);
  const accepted_until = overlap ? new Date(refusedFromMs).toISOString() : null;
  return { id, tenant, role, label, limits, created, expires, status, accepted_until, source, replaces };
}

/** Oldest first; keys of the same instant in an order of their own that never changes. */
export function byAge(a: KeyView, b: KeyView): number {
  return compare(a.created, b.created) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
