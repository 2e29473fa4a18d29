import type { Progress } from "../../tools/progress.ts";
import { runningCluster } from "../deploy/running-cluster.ts";
import type { EnvironmentFile } from "../environment.ts";
import { type Check, type Outcome, runCheck } from "./check.ts";
import { liveWorld } from "./live-world.ts";

/**
 * Runs the checks that apply against what stands, one after another, so that no check disturbs another.
 *
 * @throws ProblemError `cluster/not-running` when there is nothing to attack.
 */
export async function verify(
  environment: EnvironmentFile,
  checks: readonly Check[],
  progress: Progress,
): Promise<readonly Outcome[]> {
  const cluster = await runningCluster(environment);
  const world = await liveWorld(environment, cluster);
  const outcomes: Outcome[] = [];
  for (const check of checks.filter(({ applies }) => applies?.(environment.settings) ?? true)) {
    const task = progress.start(check.id);
    const outcome = await runCheck(check, world);
    if (outcome.passed) task.done();
    else task.fail(outcome.seen[0] ?? "failed");
    outcomes.push(outcome);
  }
  return outcomes;
}
