import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Shape of an agent's id, which becomes part of paths here. */
const AGENT_ID = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/** Folder of an agent's workspace: the id, and what tells agents of the same id apart. */
const WORKSPACE = /^workspace-(.+)-[0-9a-f]{8}$/;

/** Why data was not erased. */
export class EraseRefused extends Error {
  override readonly name = "EraseRefused";
}

/** Ids of agents of which anything lies in OpenClaw's state folder. */
export function agentsWithData(stateFolder: string): readonly string[] {
  const databases = existsSync(join(stateFolder, "agents")) ? readdirSync(join(stateFolder, "agents")) : [];
  const workspaces = existsSync(stateFolder)
    ? readdirSync(stateFolder).flatMap((name) => WORKSPACE.exec(name)?.[1] ?? [])
    : [];
  return [...new Set([...databases, ...workspaces])].sort();
}

/**
 * Removes what can be removed of a deleted agent while OpenClaw runs: its workspace with its memory, and the archives of
 * its deleted sessions. Its database stays until the next start, because OpenClaw holds it open: start-cell removes it.
 *
 * @throws EraseRefused for an agent that is configured, and for what is no id.
 */
export function eraseAgentData(stateFolder: string, agent: unknown, configured: readonly string[]): void {
  if (typeof agent !== "string" || !AGENT_ID.test(agent)) throw new EraseRefused("this is no agent id");
  if (agent === "main" || configured.includes(agent)) throw new EraseRefused("this agent is configured");
  const workspaces = readdirSync(stateFolder).filter((name) => WORKSPACE.exec(name)?.[1] === agent);
  for (const folder of [...workspaces, join("agents", agent, "sessions")]) {
    rmSync(join(stateFolder, folder), { recursive: true, force: true });
  }
}
