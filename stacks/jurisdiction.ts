import type { Settings } from "@breakwater/runtime/settings";
import { offerOf } from "./placement/offers.ts";

/** Country or region whose law holds where an environment stands; empty where neither its region nor its settings say it. */
export async function jurisdictionOf({ deployment }: Settings): Promise<string> {
  const offer = await offerOf(deployment.topology);
  return offer?.regions[deployment.region]?.jurisdiction ?? deployment.jurisdiction ?? "";
}
