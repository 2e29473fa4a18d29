import type { Platform } from "../platform.ts";
import type { Way } from "./reach.ts";

/** Ways to servers outside the cluster, one for each TCP port; the cluster's own addresses and the metadata service are left out. */
export function outsideWays(platform: Platform, ports: readonly number[]): readonly Way[] {
  return [...new Set(ports)]
    .sort((a, b) => a - b)
    .map((port) => ({
      peers: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...platform.internalCidrs] } }],
      port,
    }));
}
