import { problemAt } from "./codes.ts";
import { machineOf } from "./machines.ts";
import type { Check } from "./place.ts";
import { volumesOf } from "./workloads.ts";

/** Every cell has a volume of its own, and a machine attaches only so many. */
export const volumes: Check = (place) =>
  place.demand.pools.flatMap((pool) => {
    const machine = machineOf(pool, place);
    if (machine === undefined) return [];
    const needed = volumesOf(pool.role, place.settings);
    const most = pool.max * machine.volumesMax;
    if (needed <= most) return [];
    return [
      problemAt("placement/volumes-per-node", pool.role === "agents" ? "multi_tenant.tenants" : "vault.replicas", {
        got: `${needed} volumes for pool ${pool.name}`,
        expected: `at most ${most}: ${pool.max} nodes of type ${machine.name} that attach ${machine.volumesMax} each`,
        remedy: "raise deployment.people, or divide the tenants between environments",
        source: machine.source,
      }),
    ];
  });
