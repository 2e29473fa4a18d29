import {
  AdmissionregistrationV1Api,
  AppsV1Api,
  CoreV1Api,
  KubeConfig,
  NetworkingV1Api,
  PolicyV1Api,
  type V1NetworkPolicy,
} from "@kubernetes/client-node";
import { statusOf } from "../../cli/deploy/status.ts";
import { readEnvironmentFile } from "../../cli/environment.ts";
import type { Check, Outcome } from "../../cli/verify/check.ts";
import { runCheck } from "../../cli/verify/check.ts";
import type { World } from "../../cli/verify/world.ts";
import { type Cluster, currentCluster } from "../../tools/cluster/index.ts";

/** The running deployment of the environment `local` and clients of its API server. */
export interface Deployed {
  readonly environment: ReturnType<typeof readEnvironmentFile>;
  readonly cluster: Cluster;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly networking: NetworkingV1Api;
  readonly admission: AdmissionregistrationV1Api;
  readonly policy: PolicyV1Api;
}

/** What test/cluster/setup.ts has brought up, once all of it runs: the test before may have killed it. */
export async function deployed(): Promise<Deployed> {
  const cluster = await currentCluster();
  if (cluster === undefined) throw new Error("no cluster runs: test/cluster/setup.ts should have started one");
  const environment = readEnvironmentFile("local");
  const { ok, workloads } = await until(
    () => statusOf(environment),
    (status) => status.ok,
    180,
  );
  if (!ok) throw new Error(`local does not stand: ${JSON.stringify(workloads)}`);
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  return {
    environment,
    cluster,
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    networking: config.makeApiClient(NetworkingV1Api),
    admission: config.makeApiClient(AdmissionregistrationV1Api),
    policy: config.makeApiClient(PolicyV1Api),
  };
}

const POLL_MS = 1000;

/** Asks until `done`; the last answer is what the caller asserts on, so that a time-out shows what was there instead. */
export async function until<T>(ask: () => Promise<T>, done: (answer: T) => boolean, seconds: number): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (done(answer) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** The check's outcome once it is `verdict`, or the last one: controls need a moment to be gone and to be back. */
export function settle(
  check: Check,
  world: () => Promise<World>,
  verdict: Outcome["verdict"],
  seconds = 120,
): Promise<Outcome> {
  return until(
    async () => runCheck(check, await world()),
    (outcome) => outcome.verdict === verdict,
    seconds,
  );
}

/** Runs `body` while the namespace has no NetworkPolicy at all, and puts every one back. */
export async function withoutPolicies<T>(
  { networking }: Deployed,
  namespace: string,
  body: () => Promise<T>,
): Promise<T> {
  const { items } = await networking.listNamespacedNetworkPolicy({ namespace });
  await networking.deleteCollectionNamespacedNetworkPolicy({ namespace });
  try {
    return await body();
  } finally {
    for (const policy of items) await networking.createNamespacedNetworkPolicy({ namespace, body: bare(policy) });
  }
}

/** A policy as it was declared: the server refuses to create what carries a version. */
function bare({ metadata, spec }: V1NetworkPolicy): V1NetworkPolicy {
  const { name, namespace, labels, annotations } = metadata ?? {};
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    ...(spec === undefined ? {} : { spec }),
  };
}
