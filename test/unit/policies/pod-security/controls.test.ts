import { describe, expect, test } from "vitest";
import { CONTROLS } from "../../../../policies/pod-security/controls/index.ts";
import { judgePod } from "../../../../policies/pod-security/judge.ts";
import { readPod } from "../../../../policies/pod-security/pod.ts";

const CONTEXT = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
const GOOD = { name: "app", securityContext: CONTEXT };
const OF_POD = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

interface Change {
  /** Changes to the security context of a container. */
  readonly context?: object;
  /** Changes to the container. */
  readonly container?: object;
  /** Changes to the security context of the pod. */
  readonly ofPod?: object | null;
  readonly spec?: object;
  readonly annotations?: object;
}

function pod({ context = {}, container = {}, ofPod = {}, spec = {}, annotations = {} }: Change, role = "containers") {
  const changed = { ...GOOD, name: "changed", securityContext: { ...CONTEXT, ...context }, ...container };
  const containers = {
    containers: role === "containers" ? [changed] : [GOOD],
    ...(role === "containers" ? {} : { [role]: [changed] }),
  };
  const securityContext = ofPod === null ? null : { ...OF_POD, ...ofPod };
  return { metadata: { annotations }, spec: { securityContext, ...containers, ...spec } };
}

const violations = (raw: unknown, minor: number) => judgePod(readPod(raw), { level: "restricted", minor });
const ids = (raw: unknown, minor: number) =>
  [...new Set(violations(raw, minor).map(({ control }) => control.id))].sort();

/** One line a mutation: what is changed, the versions that forbid it (from, until) and by which control. */
const MUTATIONS: readonly (readonly [control: string, change: Change, from: number, until?: number])[] = [
  ["allowPrivilegeEscalation", { context: { allowPrivilegeEscalation: true } }, 8],
  ["allowPrivilegeEscalation", { context: { allowPrivilegeEscalation: null } }, 8],
  ["appArmorProfile", { context: { appArmorProfile: { type: "Unconfined" } } }, 0],
  ["appArmorProfile", { ofPod: { appArmorProfile: {} } }, 0],
  ["appArmorProfile", { annotations: { "container.apparmor.security.beta.kubernetes.io/x": "unconfined" } }, 0],
  ["capabilities_baseline", { context: { capabilities: { drop: ["ALL"], add: ["NET_RAW"] } } }, 0, 21],
  ["capabilities_restricted", { context: { capabilities: { drop: ["ALL"], add: ["CHOWN"] } } }, 22],
  ["capabilities_restricted", { context: { capabilities: { drop: ["NET_RAW"] } } }, 22],
  ["capabilities_restricted", { context: { capabilities: null } }, 22],
  ["hostNamespaces", { spec: { hostNetwork: true } }, 0],
  ["hostNamespaces", { spec: { hostPID: true } }, 0],
  ["hostNamespaces", { spec: { hostIPC: true } }, 0],
  ["hostPorts", { container: { ports: [{ hostPort: 80 }] } }, 0],
  ["hostProbesAndHostLifecycle", { container: { livenessProbe: { httpGet: { host: "a" } } } }, 34],
  ["hostProbesAndHostLifecycle", { container: { readinessProbe: { tcpSocket: { host: "a" } } } }, 34],
  ["hostProbesAndHostLifecycle", { container: { startupProbe: { httpGet: { host: "a" } } } }, 34],
  ["hostProbesAndHostLifecycle", { container: { lifecycle: { postStart: { httpGet: { host: "a" } } } } }, 34],
  ["hostProbesAndHostLifecycle", { container: { lifecycle: { preStop: { tcpSocket: { host: "a" } } } } }, 34],
  ["privileged", { context: { privileged: true } }, 0],
  ["procMount", { context: { procMount: "Unmasked" } }, 0, 34],
  ["procMount_restricted", { context: { procMount: "Unmasked" }, spec: { hostUsers: false } }, 35],
  ["restrictedVolumes", { spec: { volumes: [{ name: "a", hostPath: { path: "/" } }] } }, 0],
  ["restrictedVolumes", { spec: { volumes: [{ name: "a", nfs: {} }] } }, 0],
  ["restrictedVolumes", { spec: { volumes: [{ name: "a", newerThanWeAre: {} }] } }, 0],
  ["restrictedVolumes", { spec: { volumes: [{ name: "a", emptyDir: {}, hostPath: {} }] } }, 0],
  ["runAsNonRoot", { context: { runAsNonRoot: false } }, 0],
  ["runAsNonRoot", { ofPod: { runAsNonRoot: null } }, 0],
  ["runAsNonRoot", { ofPod: { runAsNonRoot: false }, context: { runAsNonRoot: true } }, 0],
  ["runAsNonRoot", { ofPod: { runAsNonRoot: null }, spec: { hostUsers: false } }, 0, 34],
  ["runAsUser", { context: { runAsUser: 0 } }, 23],
  ["runAsUser", { ofPod: { runAsUser: 0 } }, 23],
  ["runAsUser", { ofPod: { runAsUser: 0 }, spec: { hostUsers: false } }, 23, 34],
  ["seLinuxOptions", { context: { seLinuxOptions: { type: "spc_t" } } }, 0],
  ["seLinuxOptions", { ofPod: { seLinuxOptions: { user: "u" } } }, 0],
  ["seLinuxOptions", { ofPod: { seLinuxOptions: { role: "r" } } }, 0],
  ["seLinuxOptions", { ofPod: { seLinuxOptions: { type: "container_engine_t" } } }, 0, 30],
  ["seccompProfile_baseline", { annotations: { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" } }, 0, 18],
  [
    "seccompProfile_baseline",
    { annotations: { "container.seccomp.security.alpha.kubernetes.io/changed": "x" } },
    0,
    18,
  ],
  ["seccompProfile_restricted", { context: { seccompProfile: { type: "Unconfined" } } }, 19],
  ["seccompProfile_restricted", { ofPod: { seccompProfile: null } }, 19],
  ["sysctls", { ofPod: { sysctls: [{ name: "kernel.msgmax" }] } }, 0],
  ["sysctls", { ofPod: { sysctls: [{ name: "net.ipv4.ip_local_reserved_ports" }] } }, 0, 26],
  ["sysctls", { ofPod: { sysctls: [{ name: "net.ipv4.tcp_fin_timeout" }] } }, 0, 28],
  ["sysctls", { ofPod: { sysctls: [{ name: "net.ipv4.tcp_wmem" }] } }, 0, 31],
  ["sysctls", { ofPod: { sysctls: [{ name: "net.ipv4.tcp_notsent_lowat" }] } }, 0, 36],
  ["windowsHostProcess", { ofPod: { windowsOptions: { hostProcess: true } } }, 0],
  ["windowsHostProcess", { context: { windowsOptions: { hostProcess: true } } }, 0],
];

const spans = MUTATIONS.map(([control, change, from, until = 37]) => [control, change, from, until] as const);

describe.each(spans)("%s %j", (control, change, from, until) => {
  test(`is forbidden from v1.${from} until v1.${until}, and neither before nor after`, () => {
    expect(ids(pod(change), from)).toContain(control);
    expect(ids(pod(change), until)).toContain(control);
    if (from > 0) expect(ids(pod(change), from - 1)).not.toContain(control);
    if (until < 37) expect(ids(pod(change), until + 1)).not.toContain(control);
  });
});

test("every control has a mutation; hostPathVolumes has its own, because restricted replaces it", () => {
  const covered = new Set([...MUTATIONS.map(([control]) => control), "hostPathVolumes"]);
  expect(CONTROLS.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
});

test("a hostPath violates baseline by its own control", () => {
  const raw = pod({ spec: { volumes: [{ name: "logs", hostPath: { path: "/var/log" } }] } });
  expect(judgePod(readPod(raw), { level: "baseline", minor: 37 })).toEqual([
    expect.objectContaining({ place: "volume logs", problem: "it is a hostPath" }),
  ]);
});

test("a pod that does all that restricted asks violates nothing in any version", () => {
  for (let minor = 0; minor <= 37; minor++) expect(ids(pod({}), minor)).toEqual([]);
});

test.each([
  ["initContainers", "init container changed"],
  ["containers", "container changed"],
  ["ephemeralContainers", "ephemeral container changed"],
])("%s are judged", (role, place) => {
  expect(violations(pod({ context: { privileged: true } }, role), 37)).toEqual([
    expect.objectContaining({ place, problem: "securityContext.privileged is true" }),
  ]);
});

test("what Windows has no field for is not asked of its pods from v1.25 on", () => {
  const windows = { os: { name: "windows" }, containers: [{ name: "app" }], securityContext: { runAsNonRoot: true } };
  const asked = ["allowPrivilegeEscalation", "capabilities_restricted", "seccompProfile_restricted"];
  expect(ids({ spec: windows }, 24)).toEqual(asked);
  expect(ids({ spec: windows }, 25)).toEqual([]);
});

test("a container's own value covers it, and the pod's covers the others", () => {
  const own = { ...CONTEXT, runAsNonRoot: true, seccompProfile: { type: "Localhost" } };
  const raw = pod({ ofPod: null, spec: { containers: [GOOD, { name: "own", securityContext: own }] } });
  expect(violations(raw, 37).map(({ place }) => place)).toEqual(["container app", "container app"]);
});

test("a volume without a source is the emptyDir that the API server makes of it", () => {
  expect(ids(pod({ spec: { volumes: [{ name: "a" }, { name: "b", hostPath: null }] } }), 37)).toEqual([]);
});
