import { Agent, type RequestOptions, request } from "node:https";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LEVELS, type Level } from "../../policies/pod-security/control.ts";
import { controlsInForce, judgePod } from "../../policies/pod-security/judge.ts";
import { readPod } from "../../policies/pod-security/pod.ts";
import { type GeneratedPod, generatedPods } from "../fixtures/check/pods.ts";
import { deployed, until } from "../support/cluster.ts";

/** The node's own version, and those from which a control judges otherwise. */
const NODE_MINOR = 34;
const MINORS = [NODE_MINOR, 31, 29, 28, 26, 24, 22, 18, 7];
const PODS = 320;
/** Requests in flight. */
const LANES = 12;

/** How the server's answer names each control. */
const REASONS: Readonly<Record<string, string>> = {
  allowPrivilegeEscalation: "allowPrivilegeEscalation != false",
  appArmorProfile: "forbidden AppArmor profile",
  capabilities_baseline: "non-default capabilities",
  capabilities_restricted: "unrestricted capabilities",
  hostNamespaces: "host namespaces",
  hostPathVolumes: "hostPath volumes",
  hostPorts: "hostPort (",
  hostProbesAndHostLifecycle: "probe or lifecycle host (",
  privileged: "privileged (",
  procMount: "procMount (",
  restrictedVolumes: "restricted volume types",
  runAsNonRoot: "runAsNonRoot != true",
  runAsUser: "runAsUser=0",
  seLinuxOptions: "seLinuxOptions (",
  seccompProfile_baseline: "seccompProfile (",
  seccompProfile_restricted: "seccompProfile (",
  sysctls: "forbidden sysctls",
  windowsHostProcess: "hostProcess (",
};

interface Answer {
  readonly status: number;
  readonly warnings: string;
  readonly message: string;
}

let core: CoreV1Api;
let send: (method: string, path: string, body: object) => Promise<Answer>;
const namespaces: string[] = [];

beforeAll(async () => {
  const { cluster } = await deployed();
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  core = config.makeApiClient(CoreV1Api);
  send = await sender(config);
  await Promise.all(LEVELS.flatMap((level) => MINORS.map((minor) => makeNamespace(level, minor))));
});

afterAll(async () => {
  await Promise.all(namespaces.map((name) => core.deleteNamespace({ name })));
});

/** Apart from those that a run which was killed has left. */
const run = Date.now().toString(36);
const namespaceOf = (level: Level, minor: number) => `pod-security-${run}-${level}-${minor}`;

async function makeNamespace(level: Level, minor: number): Promise<void> {
  const name = namespaceOf(level, minor);
  const prefix = "pod-security.kubernetes.io";
  const labels = Object.fromEntries(
    ["enforce", "warn"].flatMap((mode) => [
      [`${prefix}/${mode}`, level],
      [`${prefix}/${mode}-version`, `v1.${minor}`],
    ]),
  );
  namespaces.push(name);
  await core.createNamespace({ body: { metadata: { name, labels } } });
  // Without it the server takes no pod at all.
  const account = () =>
    core.readNamespacedServiceAccount({ namespace: name, name: "default" }).then(
      () => true,
      () => false,
    );
  if (!(await until(account, Boolean, 60))) throw new Error(`${name} got no service account`);
}

async function sender(config: KubeConfig): Promise<typeof send> {
  const server = new URL(config.getCurrentCluster()?.server ?? "");
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key } = options;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: LANES,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { ...options.headers, "content-type": "application/json" };
      const call = request(new URL(path, server), { ...options, agent, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => {
          text += part;
        });
        response.on("end", () => {
          const { message = "" } = JSON.parse(text) as { message?: string };
          const warning: unknown = response.headers["warning"] ?? "";
          resolve({ status: response.statusCode ?? 0, warnings: String(warning), message });
        });
      });
      call.on("error", reject).end(JSON.stringify(body));
    });
}

/** Runs everything, so many at a time, and keeps the order. */
async function inLanes<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await run(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

function controlsAgainst(pod: unknown, level: Level, minor: number): readonly string[] {
  return [...new Set(judgePod(readPod(pod), { level, minor }).map(({ control }) => control.id))];
}

function reasonsOf(ids: readonly string[]): readonly string[] {
  return [...new Set(ids.map((id) => REASONS[id] ?? id))].sort();
}

/** Which controls the server says that a pod violates; none: it takes the pod. */
function serverReasons({ status, message }: Answer): readonly string[] {
  if (status === 201 || status === 200) return [];
  if (status !== 403 || !message.includes("violates PodSecurity")) return [`not by pod security: ${status} ${message}`];
  return [...new Set(Object.values(REASONS))].filter((reason) => message.includes(reason)).sort();
}

const pods: readonly GeneratedPod[] = fc.sample(generatedPods({ creatable: true }), { numRuns: PODS, seed: 6 });

test.each(LEVELS)("every control of %s is reached by the generated pods, and some pods pass", (level) => {
  const against = pods.map((pod) => controlsAgainst(pod, level, NODE_MINOR));
  expect([...new Set(against.flat())].sort()).toEqual(
    controlsInForce({ level, minor: NODE_MINOR })
      .map(({ control }) => control.id)
      .sort(),
  );
  expect(against.filter((ids) => ids.length === 0).length).toBeGreaterThan(PODS / 10);
});

test.each(LEVELS)("the API server takes and refuses the same pods at %s, for the same reasons", async (level) => {
  const cases = pods.flatMap((pod, index) => {
    const older = MINORS[1 + (index % (MINORS.length - 1))] ?? NODE_MINOR;
    return [NODE_MINOR, older].map((minor) => ({ pod, minor }));
  });
  const answers = await inLanes(cases, ({ pod, minor }) =>
    send("POST", `/api/v1/namespaces/${namespaceOf(level, minor)}/pods?dryRun=All`, pod),
  );
  const differing = cases.flatMap(({ pod, minor }, index) => {
    const ours = reasonsOf(controlsAgainst(pod, level, minor));
    const theirs = serverReasons(answers[index] ?? { status: 0, warnings: "", message: "no answer" });
    return JSON.stringify(ours) === JSON.stringify(theirs) ? [] : [{ minor, ours, theirs, pod }];
  });
  expect(differing).toEqual([]);
});

test("the API server warns of the same workloads, whatever their kind", async () => {
  const labels = { app: "a" };
  const kinds = pods.slice(0, 48).map(({ metadata, spec }, index) => {
    const template = { metadata: { labels, annotations: metadata.annotations ?? {} }, spec };
    const job = { template: { ...template, spec: { ...spec, restartPolicy: "Never" } } };
    const kind = (apiVersion: string, name: string, rest: object, path: string) => ({
      path,
      body: { apiVersion, kind: name, metadata: { name: `generated-${index}` }, ...rest },
    });
    const selector = { matchLabels: labels };
    return [
      kind("apps/v1", "Deployment", { spec: { selector, template } }, "apis/apps/v1/@/deployments"),
      kind("apps/v1", "ReplicaSet", { spec: { selector, template } }, "apis/apps/v1/@/replicasets"),
      kind("apps/v1", "DaemonSet", { spec: { selector, template } }, "apis/apps/v1/@/daemonsets"),
      kind("apps/v1", "StatefulSet", { spec: { selector, template, serviceName: "a" } }, "apis/apps/v1/@/statefulsets"),
      kind("v1", "ReplicationController", { spec: { selector: labels, template } }, "api/v1/@/replicationcontrollers"),
      kind("v1", "PodTemplate", { template }, "api/v1/@/podtemplates"),
      kind("batch/v1", "Job", { spec: job }, "apis/batch/v1/@/jobs"),
      kind(
        "batch/v1",
        "CronJob",
        { spec: { schedule: "@daily", jobTemplate: { spec: job } } },
        "apis/batch/v1/@/cronjobs",
      ),
    ].map((one) => ({ ...one, pod: { metadata, spec } }));
  });
  const cases = kinds.flat();
  const answers = await inLanes(cases, ({ path, body }) =>
    send("POST", `/${path.replace("@", `namespaces/${namespaceOf("restricted", NODE_MINOR)}`)}?dryRun=All`, body),
  );
  const differing = cases.flatMap(({ body, pod }, index) => {
    const { status, warnings, message } = answers[index] ?? { status: 0, warnings: "", message: "no answer" };
    const ours = controlsAgainst(pod, "restricted", NODE_MINOR).length > 0;
    const theirs = warnings.includes("would violate PodSecurity");
    return status === 201 && ours === theirs ? [] : [{ status, message, warnings, ours, body }];
  });
  expect(differing).toEqual([]);
});

test.each(LEVELS)("the API server takes and refuses the same ephemeral containers at %s", async (level) => {
  const namespace = namespaceOf(level, NODE_MINOR);
  const context = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const standing = {
    // Nothing needs to run: the gate keeps it from a node.
    schedulingGates: [{ name: "breakwater.dev/never" }],
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [{ name: "main", image: "a", securityContext: context }],
  };
  await core.createNamespacedPod({ namespace, body: { metadata: { name: "standing" }, spec: standing } });
  const changes: readonly object[] = [
    {},
    { privileged: true, allowPrivilegeEscalation: true },
    { allowPrivilegeEscalation: true },
    { capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] } },
    { capabilities: {} },
    { runAsNonRoot: false },
    { runAsUser: 0 },
    { seccompProfile: { type: "Unconfined" } },
    { appArmorProfile: { type: "Unconfined" } },
    { seLinuxOptions: { type: "spc_t" } },
  ];
  const answers = await inLanes(changes, async (change) => {
    const debug = { name: "debug", image: "a", securityContext: { ...context, ...change } };
    const ours = reasonsOf(controlsAgainst({ spec: { ...standing, ephemeralContainers: [debug] } }, level, NODE_MINOR));
    const patched = await core.readNamespacedPod({ namespace, name: "standing" });
    // Whatever the scheduler writes into the pod meanwhile is no conflict.
    const { resourceVersion: _, ...metadata } = patched.metadata ?? {};
    const body = { ...patched, metadata, spec: { ...patched.spec, ephemeralContainers: [debug] } };
    const path = `/api/v1/namespaces/${namespace}/pods/standing/ephemeralcontainers?dryRun=All`;
    return { change, ours, theirs: serverReasons(await send("PUT", path, body)) };
  });
  expect(answers.filter(({ ours, theirs }) => JSON.stringify(ours) !== JSON.stringify(theirs))).toEqual([]);
  expect(answers.filter(({ ours }) => ours.length > 0).length).toBeGreaterThan(4);
});
