import type { Settings } from "@breakwater/runtime/settings";
import { ApiException, CoreV1Api, KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { COMPONENT_LABEL } from "../../components/labels.ts";
import {
  CELL_AGENT_PORT,
  CELL_PORT,
  ECHO_MODEL_PORT,
  FRONT_DOOR_PORT,
  operationsPort,
  PLATFORM_NAMESPACE,
  POSTGRES_PORT,
  ROUTER_PORT,
  SANDBOX_SSH_PORT,
  serviceHost,
  tenantNamespace,
} from "../../components/names.ts";
import { cipherSuitesOf } from "../../stacks/transport.ts";
import { keyFile, keyFolder, tenantHolder } from "../../tools/secrets/index.ts";
import { frontDoorUrl } from "../deploy/address.ts";
import { FrontDoorClient } from "../deploy/front-door-client.ts";
import type { EnvironmentFile } from "../environment.ts";
import { execInPod } from "./pod-exec.ts";
import type { Listener, PodRequest, Target, TenantTargets, World } from "./world.ts";

/**
 * One statement from the database's own pod by its own TCP address, where pg_hba.conf counts as for any other pod. A
 * superuser has no password file: it is asked for none before it is refused.
 */
const PSQL = `
file="/run/secrets/postgres/$(echo "$1" | tr _ -)-password"
PGPASSWORD="$(cat "$file" 2>/dev/null || echo none)" exec /usr/lib/postgresql/15/bin/psql --no-psqlrc --no-password \\
  --tuples-only --host="$(hostname -i)" --username="$1" --dbname=breakwater --command="$2"
`;

/** What is outside when nobody says: a public resolver's HTTPS port. */
const OUTSIDE: readonly Target[] = [{ name: "the internet", host: "1.1.1.1", port: 443 }];

/** The deployment of `environment` as it stands now, read from its API server. */
export async function liveWorld(
  environment: EnvironmentFile,
  cluster: { readonly kubeconfig: string; readonly frontDoorAddress: string },
  outside: readonly Target[] = OUTSIDE,
): Promise<World> {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const keys = keyFolder(environment.name);
  const url = frontDoorUrl(cluster, environment.settings);
  const tenants = await Promise.all(environment.settings.multi_tenant.tenants.map(({ id }) => tenantTargets(api, id)));
  const clients = new Map(
    tenants.map(({ id }) => [id, FrontDoorClient.fromKeyFile(url, keys.path(keyFile(tenantHolder(id))))]),
  );
  const [router] = await serviceTargets(api, PLATFORM_NAMESPACE, "router", ROUTER_PORT);
  if (router === undefined) throw new Error("there is no Service for the model router");
  return {
    tenants,
    client: (id) => clients.get(id) ?? fail(`no key for ${id}`),
    exec: async ({ namespace }, part, argv) => {
      const container = part === "cell" ? "openclaw" : "sshd";
      return execInPod(config, await runningPod(api, namespace, part), container, argv);
    },
    pod: ({ namespace }, part) => runningPod(api, namespace, part),
    ask: (request) => refusalOf(api, request),
    apiServer: await apiServerTargets(api),
    router,
    database: {
      targets: await targets(api, PLATFORM_NAMESPACE, "postgres", POSTGRES_PORT),
      query: async (user, statement, variables = {}) => {
        const pod = await runningPod(api, PLATFORM_NAMESPACE, "postgres");
        const set = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
        return execInPod(config, pod, "postgres", ["env", ...set, "sh", "-c", PSQL, "psql", user, statement]);
      },
    },
    listeners: await listeners(config, api, environment.settings),
    cipherSuites: cipherSuitesOf(environment.settings),
    sharedParts: [
      ...(await targets(api, PLATFORM_NAMESPACE, "front-door", FRONT_DOOR_PORT)),
      ...(await targets(api, PLATFORM_NAMESPACE, "front-door", operationsPort(FRONT_DOOR_PORT))),
      ...(await targets(api, PLATFORM_NAMESPACE, "router", operationsPort(ROUTER_PORT))),
      ...(await targets(api, PLATFORM_NAMESPACE, "postgres", POSTGRES_PORT)),
      ...(await targets(api, PLATFORM_NAMESPACE, "echo-model", ECHO_MODEL_PORT)),
    ],
    outside,
  };
}

/** Cells as the front door reaches them, the router as each cell does, the echo model as the router does. */
async function listeners(config: KubeConfig, api: CoreV1Api, settings: Settings): Promise<readonly Listener[]> {
  const from = (namespace: string, part: string, container: string) => ({
    authority: `/run/secrets/${part}/authority.crt`,
    run: async (argv: readonly string[]) => execInPod(config, await runningPod(api, namespace, part), container, argv),
  });
  const frontDoor = from(PLATFORM_NAMESPACE, "front-door", "front-door");
  const tenants = settings.multi_tenant.tenants.flatMap(({ id }): Listener[] => {
    const namespace = tenantNamespace(id);
    const host = serviceHost("cell", namespace);
    const router = serviceHost("router", PLATFORM_NAMESPACE);
    return [
      { name: `cell of ${id}`, host, port: CELL_PORT, ...frontDoor },
      { name: `cell agent of ${id}`, host, port: CELL_AGENT_PORT, ...frontDoor },
      { name: `router from ${id}'s cell`, host: router, port: ROUTER_PORT, ...from(namespace, "cell", "openclaw") },
    ];
  });
  const echo = await serviceTargets(api, PLATFORM_NAMESPACE, "echo-model", ECHO_MODEL_PORT);
  const host = serviceHost("echo-model", PLATFORM_NAMESPACE);
  const router = from(PLATFORM_NAMESPACE, "router", "router");
  return [...tenants, ...echo.map(({ port }) => ({ name: "echo model", host, port, ...router }))];
}

async function tenantTargets(api: CoreV1Api, id: string): Promise<TenantTargets> {
  const namespace = tenantNamespace(id);
  return {
    id,
    namespace,
    cell: [
      ...(await targets(api, namespace, "cell", CELL_PORT)),
      ...(await targets(api, namespace, "cell", CELL_AGENT_PORT)),
    ],
    sandbox: await targets(api, namespace, "sandbox", SANDBOX_SSH_PORT),
  };
}

/** A part by its Service and by each of its pods: a policy that closes one way and not the other is no wall. */
async function targets(api: CoreV1Api, namespace: string, part: string, port: number): Promise<Target[]> {
  const pods = await partPods(api, namespace, part);
  const direct = pods.flatMap(({ status }) =>
    status?.podIP ? [{ name: `${namespace}/${part} pod`, host: status.podIP, port }] : [],
  );
  return [...(await serviceTargets(api, namespace, part, port)), ...direct];
}

async function serviceTargets(api: CoreV1Api, namespace: string, part: string, port: number): Promise<Target[]> {
  const { items } = await api.listNamespacedService({ namespace });
  return items.flatMap(({ metadata, spec }) =>
    metadata?.name === part && spec?.clusterIP
      ? [{ name: `${namespace}/${part} service`, host: spec.clusterIP, port }]
      : [],
  );
}

async function apiServerTargets(api: CoreV1Api): Promise<Target[]> {
  const service = await api.readNamespacedService({ name: "kubernetes", namespace: "default" });
  const { items } = await api.listNode();
  const nodes = items.flatMap(({ status }) => status?.addresses ?? []).filter(({ type }) => type === "InternalIP");
  return [
    { name: "API server service", host: service.spec?.clusterIP ?? fail("the API server has no Service"), port: 443 },
    ...nodes.map(({ address }) => ({ name: "API server", host: address, port: 6443 })),
    ...nodes.map(({ address }) => ({ name: "kubelet", host: address, port: 10_250 })),
  ];
}

/** The pods of a part that run and stay. */
export async function partPods(api: CoreV1Api, namespace: string, part: string): Promise<V1Pod[]> {
  const { items } = await api.listNamespacedPod({ namespace, labelSelector: `${COMPONENT_LABEL}=${part}` });
  return items.filter(
    ({ metadata, status }) => metadata?.deletionTimestamp === undefined && status?.phase === "Running",
  );
}

async function runningPod(api: CoreV1Api, namespace: string, part: string): Promise<V1Pod> {
  const [pod] = await partPods(api, namespace, part);
  return pod ?? fail(`no running ${part} in ${namespace}`);
}

async function refusalOf(api: CoreV1Api, { how, pod }: PodRequest): Promise<string | undefined> {
  // Without a version the server does not mind what the kubelet has written meanwhile.
  const { resourceVersion: _, ...metadata } = pod.metadata ?? {};
  const { name = "", namespace = "" } = metadata;
  const asked = { name, namespace, body: { ...pod, metadata }, dryRun: "All" };
  try {
    if (how === "create") await api.createNamespacedPod(asked);
    else if (how === "replace") await api.replaceNamespacedPod(asked);
    else await api.replaceNamespacedPodEphemeralcontainers(asked);
    return undefined;
  } catch (error) {
    if (error instanceof ApiException && typeof error.body === "string") return messageOf(error.body);
    throw error;
  }
}

/** The words of a Status. */
function messageOf(body: string): string {
  const { message } = JSON.parse(body) as { message?: string };
  return message ?? body;
}

function fail(message: string): never {
  throw new Error(message);
}
