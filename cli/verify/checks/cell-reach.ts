import type { Check } from "../check.ts";
import { judgeProbe, probeCommand } from "../probe.ts";
import { forbidden } from "./sandbox-reach.ts";

export const cellReach: Check = {
  id: "cell/reaches-only-its-own",
  claim: "from a cell, everything but the model router, its own sandbox and DNS is out of reach",
  control: "NetworkPolicy of the cell and default-deny of the namespace",
  run: async (world) => {
    const seen: string[] = [];
    for (const tenant of world.tenants) {
      const open = [world.router, ...tenant.sandbox];
      const closed = forbidden(world, tenant);
      const probed = await world.exec(tenant, "cell", probeCommand("node", [...open, ...closed]));
      seen.push(`${tenant.id}: ${judgeProbe(probed, { open, closed })}`);
    }
    return seen;
  },
};
