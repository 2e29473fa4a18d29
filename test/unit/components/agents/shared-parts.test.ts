import { expect, test } from "vitest";
import { FrontDoorSettings, RouterSettings } from "../../../../runtime/settings/services.ts";
import { withOutsideModel } from "../../../support/environments.ts";
import { isUnknown, localSections, objectAt, type PlannedResource, recordPlan, specOf } from "../../../support/plan.ts";
import { workloadAt, workloads } from "../../../support/pods.ts";

const local = await recordPlan(localSections());
const outside = await recordPlan(withOutsideModel("https://api.openai.com/v1"));

function settingsFile(plan: readonly PlannedResource[], name: string): unknown {
  const { data } = objectAt(plan, "ConfigMap", "breakwater", name).inputs as { data: Record<string, string> };
  expect(Object.keys(data)).toEqual(["settings.json"]);
  return JSON.parse(data["settings.json"] ?? "") as unknown;
}

function secretFiles(plan: readonly PlannedResource[], name: string): unknown {
  const found = plan.find(({ type, inputs }) => type === "breakwater:index:SecretFiles" && inputs["name"] === name);
  return found?.inputs["files"];
}

test("the front door's settings are read by its own schema as they are written", () => {
  const written = settingsFile(local, "front-door-settings");
  expect(FrontDoorSettings.parse(written)).toEqual(written);
});

test("the front door knows each tenant's cell and the file of its token", () => {
  const { tenants, roles, ...rest } = FrontDoorSettings.parse(settingsFile(local, "front-door-settings"));
  expect(rest).toEqual({
    listen: { host: "0.0.0.0", port: 18789 },
    max_body_bytes: 1_048_576,
    upstream_timeout_seconds: 310,
    api_keys_file: "/run/secrets/front-door/api-keys.json",
    session_secret_file: "/run/secrets/front-door/session-secret",
    audit: { directory: "/var/lib/breakwater/audit" },
  });
  expect(tenants).toEqual(
    [
      { id: "marketing", name: "行銷部" },
      { id: "engineering", name: "工程部" },
      { id: "customer-service", name: "客服部" },
    ].map(({ id, name }) => ({
      id,
      name,
      cell: {
        base_url: `http://cell.tenant-${id}.svc.cluster.local:18789`,
        gateway_token_file: `/run/secrets/front-door/${id}.token`,
      },
    })),
  );
  expect(roles.map(({ name }) => name)).toEqual(["admin", "agent_manager", "user", "auditor"]);
});

test("every file that the front door's settings name is one that it is given", () => {
  expect(secretFiles(local, "front-door-secrets")).toEqual({
    "session-secret": "platform/session-secret",
    "marketing.token": "tenants/marketing/gateway-token",
    "engineering.token": "tenants/engineering/gateway-token",
    "customer-service.token": "tenants/customer-service/gateway-token",
  });
  expect(secretFiles(local, "front-door-keys")).toEqual({ "api-keys.json": "platform/api-keys.json" });
  expect(workloadAt(local, "breakwater/front-door").pod.volumes).toContainEqual({
    name: "secrets",
    projected: {
      defaultMode: 0o440,
      sources: [{ secret: { name: "front-door-secrets" } }, { secret: { name: "front-door-keys" } }],
    },
  });
});

test("the router's settings are read by its own schema as they are written", () => {
  for (const plan of [local, outside]) {
    const written = settingsFile(plan, "router-settings");
    expect(RouterSettings.parse(written)).toEqual(written);
  }
});

test("the router knows each tenant's provider, model and cap, and the echo model behind both providers", () => {
  const echo = { base_url: "http://echo-model.breakwater.svc.cluster.local:8080/v1" };
  expect(settingsFile(local, "router-settings")).toEqual({
    listen: { host: "0.0.0.0", port: 8080 },
    max_body_bytes: 20_971_520,
    upstream_timeout_seconds: 300,
    tenant_keys_file: "/run/secrets/router/tenant-keys.json",
    tenants: [
      { id: "marketing", provider: "openai", model: "gpt-4o", max_tokens_per_request: 4096 },
      { id: "engineering", provider: "anthropic", model: "claude-sonnet-4-6", max_tokens_per_request: 8192 },
      { id: "customer-service", provider: "anthropic", model: "claude-haiku-4-5", max_tokens_per_request: 2048 },
    ],
    providers: { anthropic: echo, openai: echo },
  });
  expect(secretFiles(local, "router-secrets")).toEqual({ "tenant-keys.json": "platform/router-tenant-keys.json" });
});

test("a provider's key goes to the router alone, as a file that only its name refers to", () => {
  expect(RouterSettings.parse(settingsFile(outside, "router-settings")).providers["openai"]).toEqual({
    base_url: "https://api.openai.com/v1",
    api_key_file: "/run/secrets/router/openai.key",
  });
  expect(secretFiles(outside, "router-secrets")).toEqual({
    "tenant-keys.json": "platform/router-tenant-keys.json",
    "openai.key": "OPENAI_API_KEY",
  });
  const holders = outside.filter(({ inputs }) => JSON.stringify(inputs).includes("OPENAI_API_KEY"));
  expect(holders.map(({ inputs }) => inputs["name"])).toEqual(["router-secrets"]);
});

test("where no provider is the echo model, the echo model does not exist", async () => {
  const provider = { kind: "openai-compatible", base_url: "https://models.example.com/v1" };
  const plan = await recordPlan({ ...localSections(), model_providers: { openai: provider, anthropic: provider } });
  expect(workloads(plan).map(({ at }) => at)).not.toContain("breakwater/echo-model");
  expect(JSON.stringify(plan)).not.toContain("echo-model");
});

test("the front door is the one part that the node's own address leads to, on the port of the settings", async () => {
  const plan = await recordPlan({ ...localSections(), front_door: { port: 18_042, replicas: 3 } });
  const exposed = plan
    .filter(({ type }) => type.endsWith(":Service"))
    .map((service) => ({
      name: service.name,
      ...specOf<{ type?: string; ports: readonly { nodePort?: number }[] }>(service),
    }))
    .filter(({ type, ports }) => type !== undefined || ports.some(({ nodePort }) => nodePort !== undefined));
  expect(exposed).toEqual([
    {
      name: "front-door",
      selector: { "app.kubernetes.io/component": "front-door" },
      type: "NodePort",
      ports: [{ name: "http", port: 18789, targetPort: "http", nodePort: 18_042 }],
    },
  ]);
  expect(workloadAt(plan, "breakwater/front-door").replicas).toBe(3);
});

test("an update of a shared part never leaves fewer replicas than asked for", () => {
  for (const name of ["front-door", "router", "echo-model"]) {
    const { strategy } = specOf<{ strategy: unknown }>(objectAt(local, "Deployment", "breakwater", name));
    expect([name, strategy]).toEqual([
      name,
      { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    ]);
  }
});

test("a front door that is told to stop may finish the longest turn", () => {
  const { pod, annotations } = workloadAt(local, "breakwater/front-door");
  const { upstream_timeout_seconds } = FrontDoorSettings.parse(settingsFile(local, "front-door-settings"));
  expect(pod.terminationGracePeriodSeconds).toBe(330);
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(upstream_timeout_seconds);
  expect(isUnknown(annotations["breakwater.dev/secrets"])).toBe(true);
});

test("the audit log outlives its front door, and both replicas write to it", () => {
  const claim = objectAt(local, "PersistentVolumeClaim", "breakwater", "audit");
  expect(specOf(claim)).toEqual({
    accessModes: ["ReadWriteMany"],
    storageClassName: "local",
    resources: { requests: { storage: "5Gi" } },
  });
  const [frontDoor] = workloadAt(local, "breakwater/front-door").containers;
  expect(frontDoor?.volumeMounts).toContainEqual({
    name: "audit",
    mountPath: "/var/lib/breakwater/audit",
    readOnly: false,
  });
});
