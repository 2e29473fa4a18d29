import { expect, test } from "vitest";
import { localSections, objectAt, recordPlan, type Sections, specOf } from "../../../support/plan.ts";
import { workloadAt } from "../../../support/pods.ts";

const plan = await recordPlan(localSections());
const IDS = ["marketing", "engineering", "customer-service"];

test.each(IDS)("%s: commands run on a kernel of their own, and only the sandbox does", (id) => {
  expect(workloadAt(plan, `tenant-${id}/sandbox`).pod.runtimeClassName).toBe("gvisor");
  expect(workloadAt(plan, `tenant-${id}/cell`).pod.runtimeClassName).toBeUndefined();
});

test("a replaced sandbox is gone before its successor runs, and asks no name server", () => {
  const deployment = specOf<{ strategy: unknown; template: { spec: { dnsPolicy: string; dnsConfig: unknown } } }>(
    objectAt(plan, "Deployment", "tenant-marketing", "sandbox"),
  );
  expect(deployment.strategy).toEqual({ type: "Recreate" });
  expect(deployment.template.spec.dnsPolicy).toBe("None");
  expect(deployment.template.spec.dnsConfig).toEqual({
    nameservers: ["127.0.0.1"],
    options: [{ name: "attempts", value: "1" }],
  });
});

test.each([
  { sizeGb: 1, memoryMb: 2048, workspace: "1024Mi" },
  // Files are memory: what the processes need is never given away.
  { sizeGb: 10, memoryMb: 2048, workspace: "1536Mi" },
])(
  "a sandbox of $memoryMb MiB asked for $sizeGb GB of files has $workspace",
  async ({ sizeGb, memoryMb, workspace }) => {
    const sections = structuredClone(localSections()) as Record<string, unknown> & {
      openshell: { filesystem: { max_size_gb: number }; execution: { max_memory_mb: number } };
    };
    sections.openshell.filesystem.max_size_gb = sizeGb;
    sections.openshell.execution.max_memory_mb = memoryMb;
    const { pod, containers, annotations } = workloadAt(await recordPlan(sections), "tenant-marketing/sandbox");
    expect(containers[0]?.resources?.limits).toEqual({ cpu: "1", memory: `${memoryMb}Mi` });
    expect(pod.volumes).toEqual([
      { name: "workspace", emptyDir: { medium: "Memory", sizeLimit: workspace } },
      { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
      { name: "keys", secret: { secretName: "sandbox-keys", defaultMode: 0o400 } },
    ]);
    expect(annotations).toEqual({
      "breakwater.dev/secrets": expect.anything(),
      "dev.gvisor.spec.mount.workspace.share": "container",
      "dev.gvisor.spec.mount.workspace.type": "tmpfs",
      "dev.gvisor.spec.mount.workspace.options": `rw,rprivate,size=${workspace.replace("Mi", "m")}`,
      "dev.gvisor.spec.mount.tmp.share": "container",
      "dev.gvisor.spec.mount.tmp.type": "tmpfs",
      "dev.gvisor.spec.mount.tmp.options": "rw,rprivate,size=64m",
    });
  },
);

test.each(IDS)("%s: a sandbox holds its host key and its cell's public key, and nothing else", (id) => {
  const secrets = plan.filter(
    ({ type, inputs }) => type === "breakwater:index:SecretFiles" && inputs["namespace"] === `tenant-${id}`,
  );
  const sandbox = secrets.find(({ inputs }) => inputs["name"] === "sandbox-keys");
  expect(sandbox?.inputs).toEqual({
    namespace: `tenant-${id}`,
    name: "sandbox-keys",
    files: {
      host: `tenants/${id}/sandbox-host-key`,
      authorized_keys: `tenants/${id}/sandbox-authorized-keys`,
    },
  });
  const mounts = workloadAt(plan, `tenant-${id}/sandbox`).containers[0]?.volumeMounts;
  expect(mounts).toContainEqual({ name: "keys", mountPath: "/etc/sshd-keys", readOnly: true });
});

test("the smallest sandbox that the settings take gives half of its memory to files", async () => {
  const { pod, containers } = workloadAt(await recordPlan(withMemory(1024)), "tenant-marketing/sandbox");
  expect(containers[0]?.resources?.limits?.["memory"]).toBe("1024Mi");
  expect(pod.volumes).toContainEqual({ name: "workspace", emptyDir: { medium: "Memory", sizeLimit: "512Mi" } });
});

test("a sandbox too small to hold files and processes is refused at preview", async () => {
  const refusal = await recordPlan(withMemory(1023)).catch((error: Error) => error.message);
  expect(refusal).toBe(
    "[settings/out-of-range] openshell.execution.max_memory_mb: got 1023; expected at least 1024; raise it",
  );
});

test.each([
  { cpu: 1, wall: 2, env: { MAX_CPU_SECONDS: "1", MAX_WALL_SECONDS: "2" } },
  { cpu: undefined, wall: undefined, env: { MAX_WALL_SECONDS: "1800" } },
])(
  "a sandbox whose commands may take $cpu s of CPU and $wall s is told so, and nothing else",
  async ({ env, ...max }) => {
    const sections = structuredClone(localSections()) as Sections & {
      openshell: { execution: { max_cpu_seconds?: number | undefined; max_wall_seconds?: number | undefined } };
    };
    sections.openshell.execution.max_cpu_seconds = max.cpu;
    sections.openshell.execution.max_wall_seconds = max.wall;
    expect(workloadAt(await recordPlan(sections), "tenant-marketing/sandbox").containers[0]?.env).toEqual(
      Object.entries(env).map(([name, value]) => ({ name, value })),
    );
  },
);

test("a sandbox in which something outlives its time is started anew, whatever its own processes are made to do", () => {
  expect(workloadAt(plan, "tenant-marketing/sandbox").containers[0]?.livenessProbe).toEqual({
    exec: { command: ["/opt/breakwater/bin/timekeeper", "--check"] },
    periodSeconds: 30,
    timeoutSeconds: 10,
    failureThreshold: 2,
  });
});

function withMemory(memoryMb: number): Sections {
  const sections = structuredClone(localSections()) as Sections & {
    openshell: { execution: { max_memory_mb: number } };
  };
  sections.openshell.execution.max_memory_mb = memoryMb;
  return sections;
}
