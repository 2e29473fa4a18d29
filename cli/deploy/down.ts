import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { clusterDown, clusterStatus } from "../../tools/cluster/index.ts";
import { destroy, endOrphanedPlugins, ensureEngine, selectStack } from "../../tools/engine/index.ts";
import { environmentDir, stateDir } from "../../tools/paths.ts";
import { type Progress, tracked } from "../../tools/progress.ts";
import type { EnvironmentFile } from "../environment.ts";
import { engineVariables } from "./engine-variables.ts";
import { requireOnThisMachine } from "./on-this-machine.ts";

/** What `breakwater down` does with what is worth keeping. */
export interface DownOptions {
  /** Stops the node, keeps its data, the stack's state and the keys, so that `up` goes on where it was. */
  readonly keepData: boolean;
}

/**
 * Takes an environment away. Our own node goes with everything on it; on a cluster of somebody else the engine removes
 * what it made there. Then the keys and the stack's state go. Caches stay.
 *
 * @throws ProblemError `deployment/elsewhere`: what took weeks to fill on a cloud is not taken away by a short word.
 */
export async function takeDown(environment: EnvironmentFile, options: DownOptions, progress: Progress): Promise<void> {
  requireOnThisMachine(environment, `run: eval "$(npx breakwater env ${environment.name})" && pulumi destroy`);
  const { name } = environment;
  const { keepData } = options;
  const { kind, kubeconfig, up } = await clusterStatus();
  if (kind !== "node" && !keepData && up && kubeconfig !== undefined && existsSync(environmentDir(name, "pulumi"))) {
    const engine = await ensureEngine(progress);
    const run = {
      stack: name,
      engine,
      variables: engineVariables({ environment: name, topology: "local", engine, kubeconfig }),
      progress,
    };
    await selectStack(run);
    await destroy(run);
  }
  if (kind === "node") await clusterDown({ keepData }, progress);
  if (keepData) return;
  await tracked(progress, `removing ${name}'s keys and state`, async () => {
    await endOrphanedPlugins();
    rmSync(environmentDir(name), { recursive: true, force: true });
    if (namesIn(stateDir("environments")).length > 0) return;
    for (const part of ["environments", "pulumi-home"]) rmSync(stateDir(part), { recursive: true, force: true });
    if (existsSync(stateDir()) && namesIn(stateDir()).length === 0) rmdirSync(stateDir());
  });
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
