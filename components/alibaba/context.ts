import type { Demand } from "../demand.ts";
import { nameIn } from "../resource-names.ts";
import { tagsOf } from "../tags.ts";
import { LIMITS } from "./names.ts";
import { alibabaOffer } from "./offer.ts";
import { type AlibabaZone, zonesOf } from "./zones.ts";

/** What every part of the platform has to know of its environment. */
export interface AlibabaContext {
  readonly demand: Demand;
  readonly tags: Readonly<Record<string, string>>;
  readonly zones: readonly [AlibabaZone, AlibabaZone, AlibabaZone];
  /** Whether something outside has to be reached at all; without it there is no NAT gateway and no address. */
  readonly egress: boolean;
  /** Whether the front door has an address of the internet. Never under B, whatever the settings say. */
  readonly publicEntry: boolean;
  /** Whether the laws of mainland China hold in the region. */
  readonly mainland: boolean;
}

export function contextOf(demand: Demand): AlibabaContext {
  const outside = demand.architecture === "A";
  return {
    demand,
    tags: tagsOf(demand),
    zones: zonesOf(demand),
    egress: outside && demand.egressHosts.length > 0,
    publicEntry: outside && demand.entry.exposure === "public",
    mainland: alibabaOffer.regions[demand.region]?.jurisdiction === "cn",
  };
}

/** Name of a resource, within what its kind allows. */
export function named({ demand }: AlibabaContext, kind: keyof typeof LIMITS, role: string): string {
  return nameIn(demand, role, LIMITS[kind]);
}
