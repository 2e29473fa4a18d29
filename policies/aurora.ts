import { z } from "zod";
import { ifKnown } from "./known.ts";
import type { Plan, PlanResource } from "./rule.ts";

/** AWS's name of a database whose servers are resources of their own: Aurora, and RDS in three zones. */
export const AWS_CLUSTER = "aws:rds/cluster:Cluster";
export const AWS_CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";

const named = z.object({ clusterIdentifier: z.string().optional() });

function nameOf({ props }: PlanResource): string | undefined {
  return ifKnown(() => named.parse(props).clusterIdentifier, undefined);
}

/** Servers of a cluster: those that name it and, while only an update knows either name, those that name no other. */
export function instancesOf(plan: Plan, cluster: PlanResource): readonly PlanResource[] {
  const own = nameOf(cluster);
  return plan.ofType(AWS_CLUSTER_INSTANCE).filter((instance) => {
    const wanted = nameOf(instance);
    return wanted === undefined || own === undefined || wanted === own;
  });
}
