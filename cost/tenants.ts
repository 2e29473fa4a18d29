import type { PricedLine, UnpricedLine } from "./line.ts";
import { type Bounds, divide, NOTHING, sumOf } from "./money.ts";

/** What one tenant costs a month: what is its own, and its part of what all share. */
export interface TenantCost {
  readonly id: string;
  readonly ownMicroUsd: Bounds;
  readonly sharedMicroUsd: Bounds;
  readonly totalMicroUsd: Bounds;
  /** Lines of its own that have no price. */
  readonly unpriced: number;
}

/** How shared costs are split. */
export interface SplitKey {
  readonly says: string;
  /** By tenant; whole numbers. */
  readonly weights: Readonly<Record<string, number>>;
}

/** By requests where they are known of every tenant, else equally. */
export function splitKey(tenants: readonly string[], requests: Readonly<Record<string, number>>): SplitKey {
  if (tenants.length > 0 && tenants.every((id) => requests[id] !== undefined)) {
    return { says: "by the requests of each tenant", weights: requests };
  }
  return {
    says: "equally, because the requests of each tenant are not given",
    weights: Object.fromEntries(tenants.map((id) => [id, 1])),
  };
}

/**
 * Every line's money once: a tenant's own to it, the shared divided by the key so that nothing is lost in rounding.
 */
export function tenantCosts(
  tenants: readonly string[],
  lines: readonly PricedLine[],
  unpriced: readonly UnpricedLine[],
  { weights }: SplitKey,
): readonly TenantCost[] {
  const own = new Map<string, Bounds[]>(tenants.map((id) => [id, []]));
  const shared: Bounds[] = [];
  for (const { tenant, microUsd } of lines) (own.get(tenant ?? "") ?? shared).push(microUsd);
  const missing = new Map<string, number>();
  for (const { tenant } of unpriced) if (tenant !== undefined) missing.set(tenant, (missing.get(tenant) ?? 0) + 1);
  const parts = tenants.map((id) => weights[id] ?? 0);
  const all = sumOf(shared);
  const [low, expected, high] = [divide(all.low, parts), divide(all.expected, parts), divide(all.high, parts)];
  return tenants.map((id, index) => {
    const ownMicroUsd = sumOf(own.get(id) ?? []);
    const sharedMicroUsd = {
      low: low[index] ?? NOTHING.low,
      expected: expected[index] ?? NOTHING.expected,
      high: high[index] ?? NOTHING.high,
    };
    const totalMicroUsd = sumOf([ownMicroUsd, sharedMicroUsd]);
    return { id, ownMicroUsd, sharedMicroUsd, totalMicroUsd, unpriced: missing.get(id) ?? 0 };
  });
}
