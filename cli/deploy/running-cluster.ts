import { refuse } from "@breakwater/runtime/problems";
import { type Cluster, currentCluster } from "../../tools/cluster/index.ts";

/** The cluster that an environment runs on. @throws ProblemError `cluster/not-running` when there is none. */
export async function runningCluster(environment: string): Promise<Cluster> {
  const cluster = await currentCluster();
  if (cluster !== undefined) return cluster;
  return refuse({
    code: "cluster/not-running",
    path: environment,
    got: "no running cluster",
    expected: "a deployed environment",
    remedy: `run: npx breakwater up ${environment}`,
  });
}
