import type { Platform } from "../platform.ts";
import type { Way } from "./reach.ts";

/**
 * Ways to servers outside the cluster, one for each TCP port; the cluster's own addresses and the metadata service are left
 * out. Where nothing may leave the company network, outside is that network.
 */
export function outsideWays(
  { outsideCidrs, internalCidrs }: Pick<Platform, "outsideCidrs" | "internalCidrs">,
  ports: readonly number[],
): readonly Way[] {
  const anywhere = [{ ipBlock: { cidr: "0.0.0.0/0", except: [...internalCidrs] } }];
  const peers = outsideCidrs?.map((cidr) => ({ ipBlock: { cidr } })) ?? anywhere;
  if (peers.length === 0) return [];
  return [...new Set(ports)].sort((a, b) => a - b).map((port) => ({ peers, port }));
}
