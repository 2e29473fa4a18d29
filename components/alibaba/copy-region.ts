import type { AlibabaContext } from "./context.ts";
import { alibabaOffer } from "./offer.ts";

/**
 * Where a second copy of backups lies: the first other region of the offer under the same law. Nowhere under architecture
 * B, where no second region is known to be the company's own, and nowhere where the law has one region only.
 */
export function copyRegionOf({ demand }: Pick<AlibabaContext, "demand">): string | undefined {
  if (demand.architecture === "B") return undefined;
  const { regions } = alibabaOffer;
  const law = regions[demand.region]?.jurisdiction;
  return Object.keys(regions).find((name) => name !== demand.region && regions[name]?.jurisdiction === law);
}
