import type { Limits } from "../settings/services.ts";
import { Bucket } from "./bucket.ts";
import { shareOf, tightest } from "./effective.ts";

export interface LimiterOptions {
  /** How many front doors share the limits. */
  readonly replicas: number;
  /** What no key and no tenant can exceed. */
  readonly perKey: Limits;
  readonly perTenant: Limits;
  /** What single tenants are limited to on top, by id. */
  readonly tenants: ReadonlyMap<string, Limits>;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** Whose request it is. */
export interface Caller {
  readonly keyId: string;
  /** The key's own limits, from its record. */
  readonly keyLimits: Limits;
  /** Null for a request that acts for no single tenant. */
  readonly tenant: string | null;
}

export type LimitLevel = "key" | "tenant";

/** A request that came too early. */
export interface RateRefusal {
  readonly level: LimitLevel;
  /** Requests a minute that this replica grants; 0 when the limit is smaller than the number of replicas. */
  readonly perMinute: number;
  /** Milliseconds until the next request is granted; a minute when never. */
  readonly retryAfterMs: number;
}

/** A request that came while too many run. */
export interface ConcurrencyRefusal {
  readonly level: LimitLevel;
  readonly concurrent: number;
}

/** How far a caller is from its tightest rate limit, on this replica. */
export interface Allowance {
  readonly perMinute: number;
  readonly remaining: number;
  /** Milliseconds until all of it is there again. */
  readonly resetMs: number;
}

const MINUTE_MS = 60_000;
const UNLIMITED = Number.POSITIVE_INFINITY;
/** Buckets looked at for every request taken: twice what a request can add, so that idle ones cannot pile up. */
const SWEPT_PER_REQUEST = 4;

/**
 * Rate and concurrency limits of keys and tenants, in this process's memory.
 *
 * Every replica grants `limit / replicas`, rounded down: together they never grant more than the limit, whatever the
 * load balancer does. The price: a caller whose requests all reach one replica gets only that replica's share, and a
 * limit smaller than the number of replicas grants nothing (`belowReplicas` finds it when it is set). After a restart
 * of one replica its buckets are full again.
 */
export class Limiter {
  readonly #options: LimiterOptions;
  readonly #keys = new Map<string, Bucket>();
  readonly #tenants = new Map<string, Bucket>();
  readonly #tenantShares = new Map<string | null, Share>();
  /** By the record's own object, which is new whenever the record has changed. */
  readonly #keyShares = new WeakMap<Limits, Share>();
  #sweep: Iterator<[string, Bucket]>;
  #sweepsKeys = true;

  constructor(options: LimiterOptions) {
    this.#options = options;
    this.#sweep = this.#keys.entries();
  }

  /** Takes one request from the key's and the tenant's bucket, or from none of them and says why. */
  take(caller: Caller): RateRefusal | undefined {
    const { keyId, tenant } = caller;
    const nowMs = this.#options.nowMs();
    this.#sweepSome(nowMs);
    const keyRate = this.#keyShare(caller.keyLimits).rate;
    const key = keyRate === UNLIMITED ? undefined : filled(this.#keys, keyId, keyRate, nowMs);
    const tenantRate = this.#tenantShare(tenant).rate;
    const all =
      tenant === null || tenantRate === UNLIMITED ? undefined : filled(this.#tenants, tenant, tenantRate, nowMs);
    if (key !== undefined && key.waitMs > 0) return refusedBy("key", keyRate, key);
    if (all !== undefined && all.waitMs > 0) return refusedBy("tenant", tenantRate, all);
    key?.take();
    all?.take();
    return undefined;
  }

  /** Counts a request as running until `leave`, or says why it may not run. */
  enter(caller: Caller): ConcurrencyRefusal | undefined {
    const { keyId, tenant } = caller;
    const nowMs = this.#options.nowMs();
    const keyShare = this.#keyShare(caller.keyLimits);
    const key = existing(this.#keys, keyId, keyShare.rate, nowMs);
    if (key.running >= keyShare.slots) return { level: "key", concurrent: keyShare.slots };
    const tenantShare = this.#tenantShare(tenant);
    const all = tenant === null ? undefined : existing(this.#tenants, tenant, tenantShare.rate, nowMs);
    if (all !== undefined && all.running >= tenantShare.slots)
      return { level: "tenant", concurrent: tenantShare.slots };
    key.running += 1;
    if (all !== undefined) all.running += 1;
    return undefined;
  }

  /** Ends what `enter` let in. Call exactly once for each, with the same caller. */
  leave({ keyId, tenant }: Caller): void {
    // Both are there: a bucket with something running is never dropped.
    for (const bucket of [this.#keys.get(keyId), tenant === null ? undefined : this.#tenants.get(tenant)]) {
      if (bucket !== undefined) bucket.running -= 1;
    }
  }

  /** The tighter of the caller's rate limits, for the headers of an answer; undefined without one. */
  allowance(caller: Caller): Allowance | undefined {
    const key = allowanceOf(this.#keys.get(caller.keyId), this.#keyShare(caller.keyLimits).rate);
    if (caller.tenant === null) return key;
    const all = allowanceOf(this.#tenants.get(caller.tenant), this.#tenantShare(caller.tenant).rate);
    if (key === undefined || all === undefined) return key ?? all;
    return all.remaining < key.remaining ? all : key;
  }

  /** Buckets that are kept now. */
  get size(): number {
    return this.#keys.size + this.#tenants.size;
  }

  #keyShare(limits: Limits): Share {
    let share = this.#keyShares.get(limits);
    if (share === undefined) {
      share = shareFor(tightest(this.#options.perKey, limits), this.#options.replicas);
      this.#keyShares.set(limits, share);
    }
    return share;
  }

  #tenantShare(tenant: string | null): Share {
    let share = this.#tenantShares.get(tenant);
    if (share === undefined) {
      const own = tenant === null ? undefined : this.#options.tenants.get(tenant);
      share =
        tenant === null ? NO_LIMIT : shareFor(tightest(this.#options.perTenant, own ?? {}), this.#options.replicas);
      // Only served tenants are kept: their number is bounded.
      if (own !== undefined || tenant === null) this.#tenantShares.set(tenant, share);
    }
    return share;
  }

  /** Drops idle buckets, a few at a time, so that no single request pays for all of them. */
  #sweepSome(nowMs: number): void {
    for (let looked = 0; looked < SWEPT_PER_REQUEST; looked += 1) {
      const { done, value } = this.#sweep.next();
      if (done === true) {
        this.#sweepsKeys = !this.#sweepsKeys;
        this.#sweep = (this.#sweepsKeys ? this.#keys : this.#tenants).entries();
        return;
      }
      const [id, bucket] = value;
      if (bucket.isIdle(nowMs)) (this.#sweepsKeys ? this.#keys : this.#tenants).delete(id);
    }
  }
}

/** What this replica grants. */
interface Share {
  readonly rate: number;
  readonly slots: number;
}

const NO_LIMIT: Share = { rate: UNLIMITED, slots: UNLIMITED };

function shareFor({ requests_per_minute, concurrent_requests }: Limits, replicas: number): Share {
  return {
    rate: requests_per_minute === undefined ? UNLIMITED : shareOf(requests_per_minute, replicas),
    slots: concurrent_requests === undefined ? UNLIMITED : shareOf(concurrent_requests, replicas),
  };
}

function filled(buckets: Map<string, Bucket>, id: string, perMinute: number, nowMs: number): Bucket {
  const bucket = existing(buckets, id, perMinute, nowMs);
  bucket.fill(perMinute, nowMs);
  return bucket;
}

function existing(buckets: Map<string, Bucket>, id: string, rate: number, nowMs: number): Bucket {
  let bucket = buckets.get(id);
  if (bucket === undefined) {
    bucket = new Bucket(rate === UNLIMITED ? 0 : rate, nowMs);
    buckets.set(id, bucket);
  }
  return bucket;
}

function refusedBy(level: LimitLevel, perMinute: number, bucket: Bucket): RateRefusal {
  return { level, perMinute, retryAfterMs: Math.min(MINUTE_MS, bucket.waitMs) };
}

function allowanceOf(bucket: Bucket | undefined, perMinute: number): Allowance | undefined {
  if (bucket === undefined || perMinute === UNLIMITED) return undefined;
  return { perMinute, remaining: bucket.remaining, resetMs: bucket.resetMs };
}
