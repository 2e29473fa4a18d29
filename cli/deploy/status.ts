import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { PLATFORM_NAMESPACE, tenantNamespace } from "../../components/names.ts";
import { type ClusterStatus, clusterStatus, currentCluster, renderClusterStatus } from "../../tools/cluster/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { frontDoorUrl } from "./address.ts";
import { connectionError } from "./front-door-client.ts";
import { requireOnThisMachine } from "./on-this-machine.ts";

/** One Deployment or StatefulSet: how many of its pods are ready. */
export interface WorkloadStatus {
  readonly namespace: string;
  readonly name: string;
  readonly ready: number;
  readonly wanted: number;
}

/** How an environment stands. */
export interface EnvironmentStatus {
  readonly environment: string;
  /** Everything that should run runs. */
  readonly ok: boolean;
  readonly cluster: ClusterStatus;
  readonly workloads: readonly WorkloadStatus[];
  /** What the front door says of itself: `ok`, or why there is no answer. */
  readonly frontDoor: string;
}

/** Looks at everything and changes nothing. @throws ProblemError `deployment/elsewhere` */
export async function statusOf(environment: EnvironmentFile): Promise<EnvironmentStatus> {
  requireOnThisMachine(environment, "look at the cluster itself: kubectl get pods --all-namespaces");
  const { name, settings } = environment;
  const status = await clusterStatus();
  const cluster = await currentCluster();
  const namespaces = [PLATFORM_NAMESPACE, ...settings.multi_tenant.tenants.map(({ id }) => tenantNamespace(id))];
  const workloads = cluster === undefined ? [] : await workloadsOf(cluster.kubeconfig, namespaces);
  const frontDoor = cluster === undefined ? "no cluster" : await health(frontDoorUrl(cluster, settings));
  const complete = workloads.length > 0 && workloads.every(({ ready, wanted }) => ready === wanted);
  return { environment: name, ok: status.up && complete && frontDoor === "ok", cluster: status, workloads, frontDoor };
}

async function workloadsOf(kubeconfig: string, namespaces: readonly string[]): Promise<WorkloadStatus[]> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const apps = config.makeApiClient(AppsV1Api);
  const lists = await Promise.all(
    namespaces.map(async (namespace) => [
      ...(await apps.listNamespacedDeployment({ namespace })).items,
      ...(await apps.listNamespacedStatefulSet({ namespace })).items,
    ]),
  );
  return lists.flat().map(({ metadata, spec, status }) => ({
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    ready: status?.readyReplicas ?? 0,
    wanted: spec?.replicas ?? 1,
  }));
}

async function health(address: string): Promise<string> {
  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(5000) });
    return response.ok ? "ok" : `status ${response.status}`;
  } catch (error) {
    return connectionError(error);
  }
}

/** The same for people. */
export function renderStatus({ cluster, workloads, frontDoor, ok, environment }: EnvironmentStatus): string {
  return [
    renderClusterStatus(cluster),
    "",
    ...workloads.map(
      ({ namespace, name, ready, wanted }) =>
        `${ready === wanted ? "ready  " : "WAITING"}  ${namespace}/${name}  ${ready} of ${wanted}`,
    ),
    `${frontDoor === "ok" ? "ready  " : "WAITING"}  front door: ${frontDoor}`,
    "",
    ok ? `${environment} stands` : `${environment} does not stand: npx breakwater up ${environment}`,
  ].join("\n");
}
