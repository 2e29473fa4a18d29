import { randomInt } from "node:crypto";
import { replyText } from "../../deploy/front-door-client.ts";
import { Breach, type Check } from "../check.ts";
import type { TenantTargets, World } from "../world.ts";

/** Time that the attack leaves itself: an answer takes 2 to 5 s, and the processes have to be seen before they end. */
const LEFT_SECONDS = 20;
/** How long after that they may be found. */
const LATE_SECONDS = 15;
const POLL_MS = 500;
/** In the background, in a session of its own, and twice orphaned: the ways out of a process tree. */
const WAYS = 4;

export const timeIsUp: Check = {
  id: "sandbox/time-is-up",
  claim: "what a command leaves behind ends when the command's time is up, and no command gives itself more",
  control: "timekeeper, the first process of the sandbox; the deadline that each command is started with",
  run: async (world) => Promise.all(world.tenants.map((tenant) => outlive(world, tenant))),
};

async function outlive(world: World, tenant: TenantTargets): Promise<string> {
  const sleeps = `sleep ${randomInt(100_000, 999_999)}`;
  const answer = await world.client(tenant.id).chat(`RUN: ${attack(sleeps)}`);
  const said = replyText(answer.body);
  if (answer.status !== 200) throw new Error(`${tenant.id}: ${answer.status} ${JSON.stringify(answer.body)}`);
  if (/without a deadline/.test(said)) throw new Breach(`${tenant.id}: a command starts without a deadline`);
  if (/raised it/.test(said)) throw new Breach(`${tenant.id}: a command takes its deadline away`);
  if (!/kept it/.test(said)) throw new Error(`${tenant.id}: the command did not run: ${said.slice(0, 300)}`);
  const found = await alive(world, tenant, sleeps);
  if (found !== WAYS) throw new Error(`${tenant.id}: ${found} of ${WAYS} processes run, so their end proves nothing`);
  const deadline = Date.now() + (LEFT_SECONDS + LATE_SECONDS) * 1000;
  for (;;) {
    const left = await alive(world, tenant, sleeps);
    if (left === 0) return `${tenant.id}: ${WAYS} processes of a command are gone with its time`;
    if (Date.now() > deadline)
      throw new Breach(`${tenant.id}: ${left} of ${WAYS} processes outlive their command's time`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/**
 * The limit of the settings is too long to be waited for. A command can bring its own end forward and nothing else, so that
 * this one does: runtime/sandbox/timekeeper says how the deadline is written.
 */
function attack(sleeps: string): string {
  const quiet = ">/dev/null 2>&1 </dev/null";
  return [
    // Never the number itself: its sixteen digits are a card number to the screening.
    'test "$(ulimit -H -m)" = unlimited && echo without a deadline',
    "(ulimit -m unlimited) 2>/dev/null && echo raised it || echo kept it",
    `read up rest </proc/uptime; ulimit -m $(( (1 << 50) + \${up%.*} + ${LEFT_SECONDS} ))`,
    `${sleeps} ${quiet} & setsid ${sleeps} ${quiet} & (setsid sh -c "${sleeps} & exec ${sleeps}" ${quiet} &)`,
  ].join("; ");
}

async function alive(world: World, tenant: TenantTargets, sleeps: string): Promise<number> {
  const { stdout, stderr, exitCode } = await world.exec(tenant, "sandbox", ["pgrep", "-xfc", sleeps]);
  // pgrep ends with 1 where it finds nothing.
  if (exitCode > 1) throw new Error(`pgrep ended with ${exitCode}: ${stderr.trim()}`);
  return Number(stdout.trim());
}
