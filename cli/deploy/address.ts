import type { Settings } from "@breakwater/runtime/settings";
import type { Cluster } from "../../tools/cluster/index.ts";

/** Where the front door of an environment answers on this machine. */
export function frontDoorUrl(
  { frontDoorAddress }: Pick<Cluster, "frontDoorAddress">,
  { front_door }: Settings,
): string {
  const [host] = frontDoorAddress.split(":");
  return `http://${host}:${front_door.port}`;
}
