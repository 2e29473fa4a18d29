import type { Check } from "../check.ts";
import { judgeProbe, probeCommand } from "../probe.ts";
import { lastWords, refused } from "../refused.ts";
import type { World } from "../world.ts";
import { OWN_SSHD } from "./sandbox-reach.ts";

export const databaseWalled: Check = {
  id: "database/walled",
  claim:
    "no cell and no sandbox reaches the database; the model router's user reads no API keys; no superuser comes by TCP",
  control: "NetworkPolicy and pg_hba.conf of the database, rights of its users",
  run: async (world) => [...(await outOfReach(world)), ...(await keysAreHidden(world))],
};

async function outOfReach(world: World): Promise<readonly string[]> {
  const closed = world.database.targets;
  if (closed.length === 0) throw new Error("there is no address of the database");
  const seen: string[] = [];
  for (const tenant of world.tenants) {
    const ways = [
      { part: "cell", interpreter: "node", open: [world.router] },
      { part: "sandbox", interpreter: "python3", open: [OWN_SSHD] },
    ] as const;
    for (const { part, interpreter, open } of ways) {
      const probed = await world.exec(tenant, part, probeCommand(interpreter, [...open, ...closed]));
      seen.push(`${tenant.id} ${part}: ${judgeProbe(probed, { open, closed })}`);
    }
  }
  return seen;
}

async function keysAreHidden({ database }: World): Promise<readonly string[]> {
  const keys = "SELECT count(*) FROM api_keys";
  const owner = await database.query("front_door", keys);
  // Without it a refusal could mean that the table has another name.
  if (owner.exitCode !== 0) throw new Error(`the front door's user cannot read API keys: ${lastWords(owner)}`);
  refused(await database.query("router", keys), "the router's user reads API keys", /permission denied/);
  refused(await database.query("postgres", "SELECT 1"), "a superuser comes by TCP", /no pg_hba\.conf entry/);
  return ["API keys: read by the front door's user, refused to the router's; the superuser is refused over TCP"];
}
