import type { Limits } from "../settings/services.ts";
import type { Principal } from "./keyring.ts";
import type { Roles } from "./permissions.ts";

/** The rights of a key that is to be made. */
export interface WantedRights {
  readonly tenant: string | null;
  readonly role: string;
  readonly limits: Limits;
  /** ISO instant; null: never. */
  readonly expires: string | null;
}

/** Who makes it: the rights of the key that asks, its tenant narrowed to the one that the request names. */
export type Maker = Pick<Principal, "tenant" | "limits" | "permissions" | "expires" | "keyId">;

const LIMITS = ["requests_per_minute", "concurrent_requests"] as const satisfies readonly (keyof Limits)[];

/**
 * Why these rights are more than the maker has, or undefined when they are not: another tenant, a permission that the
 * maker lacks, a wider limit, a longer life. Nobody gains by making a key, whatever they may ask for.
 */
export function escalationOf(maker: Maker, wanted: WantedRights, roles: Roles): string | undefined {
  if (maker.tenant !== null && wanted.tenant !== maker.tenant) return "a key of another tenant than the maker's";
  if (!maker.permissions.covers(roles.of(wanted.role))) return "a role that may do what the maker may not";
  const wider = LIMITS.find((name) => (wanted.limits[name] ?? Infinity) > (maker.limits[name] ?? Infinity));
  if (wider !== undefined) return `${wider} above the maker's own`;
  return time(wanted.expires) > time(maker.expires) ? "a key that outlives the maker's" : undefined;
}

/** The limits of a key made by `maker`: what is not asked for is the maker's own. */
export function inheritedLimits(maker: Maker, asked: Limits): Limits {
  return { ...maker.limits, ...asked };
}

/** When a key made by `maker` ends: what is not asked for is the maker's own end. */
export function inheritedExpiry(maker: Maker, days: number | undefined, now: Date): string | null {
  return days === undefined ? maker.expires : new Date(now.getTime() + days * DAY_MS).toISOString();
}

const DAY_MS = 86_400_000;

function time(expires: string | null): number {
  return expires === null ? Number.POSITIVE_INFINITY : Date.parse(expires);
}
