import type { DataClass } from "./services.ts";
import { valueAt } from "./walk.ts";

/** The law that state ownership has a meaning under. */
export const STATE_OWNED_HOME = "cn";

/** What a tenant's settings say of where its data may go. */
interface Bounds {
  readonly dataClass: DataClass;
  /** Undefined: none is listed. */
  readonly jurisdictions: readonly string[] | undefined;
}

/**
 * The bounds of a tenant of a state-owned customer: no country but the own. A list that the tenant did not write opens
 * nothing: confidential data without one stays inside, as it does elsewhere, and is told as restricted.
 */
export function boundsOf({ dataClass, jurisdictions }: Bounds, isStateOwned: boolean): Bounds {
  if (!isStateOwned) return { dataClass, jurisdictions };
  const staysInside = dataClass === "confidential" && jurisdictions === undefined;
  return {
    dataClass: staysInside ? "restricted" : dataClass,
    jurisdictions: (jurisdictions ?? [STATE_OWNED_HOME]).filter((one) => one === STATE_OWNED_HOME),
  };
}

/** Whether data of any shape says that the customer is state-owned. */
export function saysStateOwned(data: unknown): boolean {
  return valueAt(data, ["deployment", "state_owned"]) === true;
}
