import type { Settings } from "@breakwater/runtime/settings";
import type { CloudOffer } from "../../components/offer.ts";

type Topology = Settings["deployment"]["topology"];

/** What each topology sells. Only the chosen one's data is read; local sells nothing. */
const OFFERS: Readonly<Record<Topology, () => Promise<CloudOffer | undefined>>> = {
  local: async () => undefined,
  aws: async () => (await import("../../components/aws/offer.ts")).awsOffer,
  alibaba: async () => (await import("../../components/alibaba/offer.ts")).alibabaOffer,
  tencent: async () => (await import("../../components/tencent/offer.ts")).tencentOffer,
  dgx: async () => (await import("../../components/dgx/offer.ts")).dgxOffer,
};

/** What a topology sells, as far as plans are checked against it; undefined where nothing is sold. */
export function offerOf(topology: Topology): Promise<CloudOffer | undefined> {
  return OFFERS[topology]();
}

/** Other topologies that have a region of this name. */
export async function topologiesWithRegion(region: string, but: Topology): Promise<readonly string[]> {
  const others = (Object.keys(OFFERS) as Topology[]).filter((topology) => topology !== but && topology !== "dgx");
  const offers = await Promise.all(others.map(async (topology) => ({ topology, offer: await offerOf(topology) })));
  return offers.filter(({ offer }) => offer?.regions[region] !== undefined).map(({ topology }) => topology);
}
