import type { Check } from "../check.ts";
import { judgeProbe, probeCommand } from "../probe.ts";
import { METADATA, type Target, type TenantTargets, type World } from "../world.ts";

/** The sandbox's own SSH server: proof that the probe can connect at all. */
export const OWN_SSHD: Target = { name: "its own sshd", host: "127.0.0.1", port: 2222 };

export const sandboxReach: Check = {
  id: "sandbox/reaches-nothing",
  claim:
    "from a sandbox, nothing is in reach: no API server, no metadata service, no cell, no other sandbox, no internet",
  control: "NetworkPolicy of the sandbox and default-deny of the namespace",
  run: async (world) => {
    const seen: string[] = [];
    for (const tenant of world.tenants) {
      const closed = [...forbidden(world, tenant), world.router, ...tenant.cell];
      const probed = await world.exec(tenant, "sandbox", probeCommand("python3", [OWN_SSHD, ...closed]));
      seen.push(`${tenant.id}: ${judgeProbe(probed, { open: [OWN_SSHD], closed })}`);
    }
    return seen;
  },
};

/** What neither a cell nor a sandbox of `tenant` may reach. */
export function forbidden(world: World, tenant: TenantTargets): readonly Target[] {
  const foreign = world.tenants
    .filter(({ id }) => id !== tenant.id)
    .flatMap(({ cell, sandbox }) => [...cell, ...sandbox]);
  return [...world.apiServer, METADATA, ...foreign, ...world.sharedParts, ...world.outside];
}
