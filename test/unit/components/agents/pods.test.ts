import fc from "fast-check";
import { expect, test } from "vitest";
import { tenantEntries, withTenants } from "../../../support/environments.ts";
import { builtReference, isUnknown, localSections, type PlannedResource, recordPlan } from "../../../support/plan.ts";
import { type Workload, workloadAt, workloads } from "../../../support/pods.ts";

const local = await recordPlan(localSections());

/** What every pod of the product must be, said once and apart from the code that makes it so. */
function expectRestricted({ at, pod, containers }: Workload): void {
  expect({ at, ...(pod.securityContext as object) }).toEqual({
    at,
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  });
  expect([at, pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([at, false, false]);
  expect([at, pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([at, undefined, undefined, undefined]);
  for (const { name, securityContext, env, envFrom, resources, image } of containers) {
    const where = `${at} ${name}`;
    expect([where, securityContext, env, envFrom]).toEqual([
      where,
      { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
      // The only variables of the whole product: the time that a command in the sandbox may take.
      name === "sshd"
        ? [
            { name: "MAX_CPU_SECONDS", value: "300" },
            { name: "MAX_WALL_SECONDS", value: "1800" },
          ]
        : undefined,
      undefined,
    ]);
    expect([where, resources?.limits?.["memory"]]).toEqual([where, expect.stringMatching(/^[1-9][0-9]*Mi$/)]);
    expect([where, resources?.limits?.["cpu"]]).toEqual([where, expect.stringMatching(/^[1-9][0-9]*m?$/)]);
    expect([where, image]).toEqual([
      where,
      expect.stringMatching(/^docker\.io\/breakwater\/[a-z-]+@sha256:[0-9a-f]{64}$/),
    ]);
  }
}

/** Ways of a volume to the node's own files or devices. */
function volumeKinds(plan: readonly PlannedResource[]): readonly string[] {
  const kinds = workloads(plan).flatMap(({ pod }) => (pod.volumes ?? []).flatMap((volume) => Object.keys(volume)));
  return [...new Set(kinds)].filter((key) => key !== "name").sort();
}

test("the environment local has the parts that it says, and no other pod", () => {
  const found = workloads(local).map(({ at, kind, replicas }) => `${kind} ${at} x${replicas}`);
  expect([...found].sort()).toEqual([
    "Deployment breakwater/echo-model x1",
    "Deployment tenant-customer-service/sandbox x1",
    "Deployment tenant-engineering/sandbox x1",
    "Deployment tenant-marketing/sandbox x1",
    "StatefulSet breakwater/front-door x2",
    "StatefulSet breakwater/postgres x1",
    "StatefulSet breakwater/router x2",
    "StatefulSet tenant-customer-service/cell x1",
    "StatefulSet tenant-engineering/cell x1",
    "StatefulSet tenant-marketing/cell x1",
  ]);
});

test("every pod of the environment local is restricted, by digest and limited", () => {
  for (const workload of workloads(local)) expectRestricted(workload);
});

test("every pod of any environment is restricted, by digest and limited", async () => {
  await fc.assert(
    fc.asyncProperty(tenantEntries, async (tenants) => {
      const plan = await recordPlan(withTenants(tenants));
      expect(workloads(plan)).toHaveLength(4 + 2 * tenants.length);
      for (const workload of workloads(plan)) expectRestricted(workload);
    }),
    { numRuns: 10 },
  );
}, 60_000);

test("no pod mounts anything of the node", () => {
  expect(volumeKinds(local)).toEqual(["configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"]);
});

test("each container runs the image of its own part", () => {
  const used = workloads(local).flatMap(({ at, containers }) =>
    containers.map(({ name, image }) => `${at.replace(/^tenant-.*\//, "tenant/")} ${name} ${String(image)}`),
  );
  expect([...new Set(used)].sort()).toEqual(
    [
      `breakwater/echo-model echo-model ${builtReference("echo-model")}`,
      `breakwater/front-door front-door ${builtReference("front-door")}`,
      `breakwater/postgres postgres ${builtReference("postgres")}`,
      `breakwater/router router ${builtReference("router")}`,
      `tenant/cell cell-agent ${builtReference("cell-agent")}`,
      `tenant/cell prepare ${builtReference("cell")}`,
      `tenant/cell openclaw ${builtReference("cell")}`,
      `tenant/sandbox sshd ${builtReference("sandbox")}`,
    ].sort(),
  );
});

test("an image that is not built yet is unknown in a plan, and nothing else takes its place", async () => {
  const plan = await recordPlan(localSections(), { built: false });
  const images = workloads(plan).flatMap(({ containers }) => containers.map(({ image }) => isUnknown(image)));
  expect(images).toEqual(images.map(() => true));
  expect(images).toHaveLength(16);
});

test("pods restart when a secret that they read at start has changed", () => {
  for (const { at, annotations } of workloads(local)) {
    expect([at, isUnknown(annotations["breakwater.dev/secrets"])]).toEqual([at, true]);
  }
});

test("the echo model holds its certificate, and no settings", () => {
  expect(workloadAt(local, "breakwater/echo-model").pod.volumes).toEqual([
    { name: "tls", secret: { secretName: "echo-model-tls", defaultMode: 0o440 } },
  ]);
});
