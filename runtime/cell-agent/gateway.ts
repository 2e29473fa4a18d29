import { z } from "zod";
import type { GatewayConnection } from "./gateway-connection.ts";

/** What a connection to the gateway may do; each asks for no more than it needs. */
export type Scope = "operator.read" | "operator.write" | "operator.admin";

/** Opens a connection to the cell's gateway. Rejects when it does not run or refuses the token. */
export type Connect = (scopes: readonly Scope[]) => Promise<GatewayConnection>;

/** Runs one piece of work on a connection of its own. */
export async function onGateway<T>(
  connect: Connect,
  scopes: readonly Scope[],
  work: (connection: GatewayConnection) => Promise<T>,
): Promise<T> {
  const connection = await connect(scopes);
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}

const GuardStatus = z.object({
  revision: z.string(),
  agents: z.array(
    z.object({
      id: z.string(),
      name: z.string().nullable(),
      model: z.string().nullable(),
      skills: z.array(z.string()).nullable(),
    }),
  ),
  agentsWithData: z.array(z.string()),
});

/** What OpenClaw and the guard in it run with. */
export type RunningAgents = z.output<typeof GuardStatus>;

/** Asks the guard which agents OpenClaw runs: it sees the configuration in force, not the file. */
export async function runningAgents(connection: GatewayConnection): Promise<RunningAgents> {
  return GuardStatus.parse(await connection.call("cell-guard.status", {}));
}

const SessionList = z.object({ sessions: z.array(z.object({ key: z.string() })) });

/** Most sessions that are deleted at once; what is left is deleted at the next attempt. */
const MAX_SESSIONS = 10_000;

/**
 * Erases what can be erased of a deleted agent while OpenClaw runs: its sessions, its memory, its archives.
 * Works on agents that are no longer configured (2026.9.6, run 2026-11-23).
 */
export async function eraseAgent(connection: GatewayConnection, agent: string): Promise<void> {
  for (let deleted = 0; deleted < MAX_SESSIONS; ) {
    const { sessions } = SessionList.parse(await connection.call("sessions.list", { agentId: agent, limit: 100 }));
    // Other agents' sessions must never be deleted, whatever the list holds.
    const keys = sessions.map(({ key }) => key).filter((key) => key.startsWith(`agent:${agent}:`));
    if (keys.length === 0) break;
    for (const key of keys) await connection.call("sessions.delete", { key, deleteTranscript: true });
    deleted += keys.length;
  }
  await connection.call("cell-guard.erase", { agent });
}
