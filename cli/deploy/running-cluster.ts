import { refuse } from "@breakwater/runtime/problems";
import { type Cluster, currentCluster } from "../../tools/cluster/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { requireOnThisMachine } from "./on-this-machine.ts";

/**
 * The cluster that an environment runs on.
 *
 * @throws ProblemError `cluster/not-running` when there is none, `deployment/elsewhere` when it is not on this machine.
 */
export async function runningCluster(environment: EnvironmentFile): Promise<Cluster> {
  requireOnThisMachine(environment, "use kubectl and the front door's own address there");
  const cluster = await currentCluster();
  if (cluster !== undefined) return cluster;
  return refuse({
    code: "cluster/not-running",
    path: environment.name,
    got: "no running cluster",
    expected: "a deployed environment",
    remedy: `run: npx breakwater up ${environment.name}`,
  });
}
