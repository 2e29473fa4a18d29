import { expect, test } from "vitest";
import { CellAgentSettings } from "../../../../runtime/settings/services.ts";
import { localSections, metadataOf, objectAt, recordPlan, specOf } from "../../../support/plan.ts";
import { workloadAt } from "../../../support/pods.ts";

const plan = await recordPlan(localSections());
const IDS = ["marketing", "engineering", "customer-service"];

function containersOf(id: string) {
  const { containers } = workloadAt(plan, `tenant-${id}/cell`);
  const find = (name: string) => containers.find((container) => container.name === name);
  return { openclaw: find("openclaw"), agent: find("cell-agent"), copy: find("prepare") };
}

test.each(IDS)("%s has one cell, which may finish its turns before it stops", (id) => {
  const { kind, replicas, pod } = workloadAt(plan, `tenant-${id}/cell`);
  expect({ kind, replicas, grace: pod.terminationGracePeriodSeconds }).toEqual({
    kind: "StatefulSet",
    replicas: 1,
    grace: 340,
  });
});

test.each(IDS)("%s: the cell is asked on OpenClaw's own health paths, and waited for while it starts", (id) => {
  const at = (path: string, periodSeconds: number, failureThreshold: number) => ({
    httpGet: { path, port: "http", scheme: "HTTPS" },
    timeoutSeconds: 5,
    periodSeconds,
    failureThreshold,
  });
  const { openclaw } = containersOf(id);
  expect(openclaw?.startupProbe).toEqual(at("/startupz", 1, 240));
  expect(openclaw?.livenessProbe).toEqual(at("/healthz", 10, 6));
  expect(openclaw?.readinessProbe).toEqual(at("/readyz", 2, 3));
});

test.each(IDS)("%s: the cell is not ready while its agent does not say that the guard is loaded", (id) => {
  const { agent } = containersOf(id);
  expect(agent?.readinessProbe).toEqual({
    httpGet: { path: "/readyz", port: "agent", scheme: "HTTPS" },
    timeoutSeconds: 5,
    periodSeconds: 2,
    failureThreshold: 3,
  });
});

test("the cell's memory, share of a CPU and volume are those of the settings", async () => {
  const sections = { ...localSections(), cell: { memory_mib: 3000, cpu_request_millicores: 250, storage_gib: 7 } };
  const other = await recordPlan(sections);
  const [, openclaw] = workloadAt(other, "tenant-marketing/cell").containers;
  expect(openclaw?.resources).toEqual({
    requests: { cpu: "250m", memory: "1Gi" },
    limits: { cpu: "2", memory: "3000Mi" },
  });
  const set = objectAt(other, "StatefulSet", "tenant-marketing", "cell");
  expect(specOf<{ volumeClaimTemplates: unknown }>(set).volumeClaimTemplates).toEqual([
    {
      metadata: { name: "state" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local",
        resources: { requests: { storage: "7Gi" } },
      },
    },
  ]);
});

test.each(IDS)(
  "%s: the tenant's quota has room for its cell and its sandbox, for nothing else, and for no port of the node",
  (id) => {
    const quota = objectAt(plan, "ResourceQuota", `tenant-${id}`, "tenant");
    expect(specOf(quota)).toEqual({
      hard: {
        pods: "2",
        // 2048 of the cell, 256 of its agent, 2048 of the sandbox.
        "limits.memory": "4352Mi",
        "requests.storage": "1Gi",
        persistentvolumeclaims: "1",
        "services.nodeports": "0",
        "services.loadbalancers": "0",
      },
    });
  },
);

test.each(IDS)("%s: secrets come as files of the tenant's own folder, copied into memory", (id) => {
  const secret = plan.find(
    ({ type, inputs }) =>
      type === "breakwater:index:SecretFiles" &&
      inputs["namespace"] === `tenant-${id}` &&
      inputs["name"] === "cell-secrets",
  );
  expect(secret?.inputs["files"]).toEqual({
    "gateway-token": `tenants/${id}/gateway-token`,
    "router-key": `tenants/${id}/router-key`,
    "ssh-key": `tenants/${id}/ssh-key`,
    known_hosts: `tenants/${id}/known_hosts`,
    "tls.crt": `tenants/${id}/cell-tls.crt`,
    "tls.key": `tenants/${id}/cell-tls.key`,
    "authority.crt": "platform/authority.crt",
  });
  const { pod } = workloadAt(plan, `tenant-${id}/cell`);
  expect(pod.volumes).toContainEqual({ name: "secrets", emptyDir: { medium: "Memory", sizeLimit: "1Mi" } });
  expect(pod.volumes).toContainEqual({
    name: "secrets-source",
    secret: { secretName: "cell-secrets", defaultMode: 0o440 },
  });
});

test("only the container that copies them sees the Secret itself", () => {
  const { openclaw, agent, copy } = containersOf("marketing");
  const sees = (container: typeof openclaw) =>
    container?.volumeMounts?.some(({ name }) => name === "secrets-source") ?? false;
  expect([sees(copy), sees(openclaw), sees(agent)]).toEqual([true, false, false]);
  expect(openclaw?.volumeMounts?.filter(({ readOnly }) => readOnly !== true).map(({ mountPath }) => mountPath)).toEqual(
    ["/state", "/tmp"],
  );
});

test("OpenClaw reads the configuration that its agent wrote and cannot change it, nor the list of the tenant's agents", () => {
  const { openclaw, agent } = containersOf("marketing");
  const { pod } = workloadAt(plan, "tenant-marketing/cell");
  const mount = (container: typeof openclaw, path: string) =>
    container?.volumeMounts?.find(({ mountPath }) => mountPath === path);
  expect(mount(openclaw, "/run/openclaw")).toEqual({ name: "config", mountPath: "/run/openclaw", readOnly: true });
  expect(mount(agent, "/run/openclaw")).toEqual({ name: "config", mountPath: "/run/openclaw" });
  expect(openclaw?.volumeMounts?.some(({ name }) => name === "settings")).toBe(false);
  expect(mount(agent, "/etc/openclaw/base.json")).toEqual({
    name: "settings",
    mountPath: "/etc/openclaw/base.json",
    subPath: "base.json",
    readOnly: true,
  });
  // The list lies on the volume of the cell; over it OpenClaw finds an empty folder that it cannot write.
  expect(mount(agent, "/var/lib/breakwater/cell-agent")).toEqual({
    name: "state",
    mountPath: "/var/lib/breakwater/cell-agent",
    subPath: "cell-agent",
  });
  expect(mount(openclaw, "/state/cell-agent")).toEqual({
    name: "hidden",
    mountPath: "/state/cell-agent",
    readOnly: true,
  });
  expect(pod.volumes).toContainEqual({ name: "hidden", emptyDir: { sizeLimit: "1Mi" } });
});

test("the cell agent reads the record of tool calls and cannot change it", () => {
  const { agent } = containersOf("marketing");
  expect(agent?.volumeMounts).toContainEqual({
    name: "state",
    mountPath: "/var/log/openclaw",
    subPath: "logs",
    readOnly: true,
  });
});

test.each(IDS)("%s: the cell agent's settings are read by its own schema as they are written", (id) => {
  const { data } = objectAt(plan, "ConfigMap", `tenant-${id}`, "cell-settings").inputs as {
    data: Record<string, string>;
  };
  expect(Object.keys(data).sort()).toEqual(["agent.json", "base.json"]);
  const written = JSON.parse(data["agent.json"] ?? "") as unknown;
  expect(CellAgentSettings.parse(written)).toEqual(written);
  expect(written).toEqual({
    listen: { host: "0.0.0.0", port: 18790 },
    transport: {
      authority_file: "/run/secrets/cell/authority.crt",
      certificate_file: "/run/secrets/cell/tls.crt",
      key_file: "/run/secrets/cell/tls.key",
      cipher_suites: ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"],
    },
    gateway_url: "wss://127.0.0.1:18789",
    gateway_token_file: "/run/secrets/cell/gateway-token",
    cipher_suites_file: "/run/openclaw/cipher-suites",
    required_plugins: ["cell-guard", "memory-core"],
    config: {
      base_file: "/etc/openclaw/base.json",
      merged_file: "/run/openclaw/openclaw.json",
      agents_file: "/var/lib/breakwater/cell-agent/agents.json",
    },
    tool_audit: {
      file: "/var/log/openclaw/tool-audit.jsonl",
      cursor_file: "/var/lib/breakwater/cell-agent/tool-audit.cursor",
      router_url: "https://router.breakwater.svc.cluster.local:8080",
      router_key_file: "/run/secrets/cell/router-key",
    },
  });
});

test.each(IDS)("%s: OpenClaw's configuration names the router and its own sandbox, and no other tenant", (id) => {
  const { data } = objectAt(plan, "ConfigMap", `tenant-${id}`, "cell-settings").inputs as {
    data: Record<string, string>;
  };
  const text = data["base.json"] ?? "";
  expect(text).toContain('"https://router.breakwater.svc.cluster.local:8080/v1"');
  expect(text).toContain(`sandbox.tenant-${id}.svc.cluster.local`);
  for (const other of IDS.filter((candidate) => candidate !== id)) {
    expect([other, text.includes(`tenant-${other}`)]).toEqual([other, false]);
  }
});

test("a changed skill restarts the pods of its tenant's cell, and no others", async () => {
  const hashes = (recorded: typeof plan) =>
    IDS.map((id) => workloadAt(recorded, `tenant-${id}/cell`).annotations["breakwater.dev/settings"]);
  const sections = structuredClone(localSections()) as {
    multi_tenant: { tenants: { allowed_skills: string[] }[] };
  } & Record<string, unknown>;
  sections.multi_tenant.tenants[0]?.allowed_skills.pop();
  const before = hashes(plan);
  const after = hashes(await recordPlan(sections));
  expect(before.map((hash, index) => hash === after[index])).toEqual([false, true, true]);
});

test("the cell is found by the name that the front door and its volume claim use", () => {
  const service = objectAt(plan, "Service", "tenant-marketing", "cell");
  expect(specOf(service)).toEqual({
    selector: { "app.kubernetes.io/component": "cell", "breakwater.dev/tenant": "marketing" },
    ports: [
      { name: "http", port: 18789, targetPort: "http" },
      { name: "agent", port: 18790, targetPort: "agent" },
    ],
  });
  expect(metadataOf(service).labels).toEqual({
    "app.kubernetes.io/name": "cell",
    "app.kubernetes.io/part-of": "breakwater",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/component": "cell",
    "breakwater.dev/tenant": "marketing",
  });
});
