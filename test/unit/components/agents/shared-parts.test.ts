import { expect, test } from "vitest";
import { FrontDoorSettings, RouterSettings } from "../../../../runtime/settings/services.ts";
import { withOutsideModel } from "../../../support/environments.ts";
import { isUnknown, localSections, objectAt, type PlannedResource, recordPlan, specOf } from "../../../support/plan.ts";
import { workloadAt, workloads } from "../../../support/pods.ts";

const local = await recordPlan(localSections());
const outside = await recordPlan(withOutsideModel("https://models.example.com/v1"));

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

const AUDIT = {
  directory: "/var/lib/breakwater/audit",
  rotate_bytes: 268_435_456,
  retention_days: 365,
  include_content: false,
  exports: [],
};

/** Those that the environment asks for. */
const SUITES = ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"];

const DATABASE = {
  kind: "postgres",
  host: "postgres.breakwater.svc.cluster.local",
  port: 5432,
  database: "breakwater",
  cipher_suites: SUITES,
  max_connections: 8,
};

test("the front door knows each tenant's cell, its agent and the file of its token", () => {
  const { tenants, roles, screening, ...rest } = FrontDoorSettings.parse(settingsFile(local, "front-door-settings"));
  const secrets = "/run/secrets/front-door";
  expect(rest).toEqual({
    listen: { host: "0.0.0.0", port: 18789 },
    trust: { authority_file: `${secrets}/authority.crt`, cipher_suites: SUITES },
    max_body_bytes: 1_048_576,
    upstream_timeout_seconds: 310,
    replicas: 2,
    limits: {
      per_key: { requests_per_minute: 1200, concurrent_requests: 64 },
      per_tenant: { requests_per_minute: 6000, concurrent_requests: 256 },
    },
    api_keys_file: `${secrets}/api-keys.json`,
    session_secret_file: `${secrets}/session-secret`,
    principal_secret_file: `${secrets}/principal-secret`,
    database: {
      ...DATABASE,
      user: "front_door",
      password_file: `${secrets}/postgres-password`,
      ca_file: `${secrets}/authority.crt`,
    },
    audit: { ...AUDIT, signing_key_file: `${secrets}/audit-signing-key` },
  });
  expect(tenants.map(({ id, name, max_agents, limits, cell }) => ({ id, name, max_agents, limits, cell }))).toEqual(
    [
      { id: "marketing", name: "行銷部", max_agents: 3, limits: {} },
      { id: "engineering", name: "工程部", max_agents: 5, limits: {} },
      { id: "customer-service", name: "客服部", max_agents: 2, limits: { requests_per_minute: 600 } },
    ].map((tenant) => ({
      ...tenant,
      cell: {
        base_url: `https://cell.tenant-${tenant.id}.svc.cluster.local:18789`,
        gateway_token_file: `${secrets}/${tenant.id}.token`,
        agent_url: `https://cell.tenant-${tenant.id}.svc.cluster.local:18790`,
      },
    })),
  );
  expect(tenants[0]?.skills).toEqual(["web-search", "social-media", "content-gen"]);
  expect(roles.map(({ name }) => name)).toEqual(["admin", "agent_manager", "user", "auditor"]);
  expect(screening.rules.map(({ name, action }) => `${name} ${action}`)).toEqual([
    "block_pii redact",
    "block_credit_card block",
    "us-ssn redact",
    "payment-card block",
    "kr-rrn redact",
    "cn-resident-id redact",
    "iban redact",
    "secret redact",
  ]);
});

test("front door and model router look for the same, and for nothing where screening is off", async () => {
  const screening = (plan: readonly PlannedResource[], name: string) =>
    (settingsFile(plan, name) as { screening: unknown }).screening;
  expect(screening(local, "router-settings")).toEqual(screening(local, "front-door-settings"));
  const sections = structuredClone(localSections()) as Record<string, unknown> & {
    enterprise: { data_loss_prevention: { enabled: boolean } };
  };
  sections.enterprise.data_loss_prevention.enabled = false;
  expect(screening(await recordPlan(sections), "front-door-settings")).toEqual({ rules: [] });
});

test("every file that the front door's settings name is one that it is given", () => {
  expect(secretFiles(local, "front-door-secrets")).toEqual({
    "session-secret": "platform/session-secret",
    "principal-secret": "platform/principal-secret",
    "postgres-password": "platform/postgres-front-door-password",
    "audit-signing-key": "platform/audit-signing-key-front-door",
    "authority.crt": "platform/authority.crt",
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

test("the router knows each tenant's models, cap and budget, and the echo model behind both providers", () => {
  const {
    tenants,
    providers,
    screening: _,
    prices,
    ...rest
  } = RouterSettings.parse(settingsFile(local, "router-settings"));
  const secrets = "/run/secrets/router";
  expect(rest).toEqual({
    listen: { host: "0.0.0.0", port: 8080 },
    transport: {
      authority_file: `${secrets}/authority.crt`,
      certificate_file: `${secrets}/tls.crt`,
      key_file: `${secrets}/tls.key`,
      cipher_suites: SUITES,
    },
    max_body_bytes: 20_971_520,
    upstream_timeout_seconds: 300,
    first_byte_timeout_seconds: 60,
    tenant_keys_file: `${secrets}/tenant-keys.json`,
    principal_secret_file: `${secrets}/principal-secret`,
    database: {
      ...DATABASE,
      user: "router",
      password_file: `${secrets}/postgres-password`,
      ca_file: `${secrets}/authority.crt`,
    },
    audit: { ...AUDIT, signing_key_file: `${secrets}/audit-signing-key` },
    retries: { per_provider: 1, percent: 20 },
    breaker: { failures: 5, open_seconds: 30 },
  });
  const echo = {
    kind: "echo",
    base_url: "https://echo-model.breakwater.svc.cluster.local:8080/v1",
    own_authority: true,
    jurisdiction: "local",
    internal: true,
  };
  expect(providers).toEqual({ anthropic: echo, openai: echo });
  const common = { data_class: "internal", allow_unpriced: false };
  expect(tenants).toEqual([
    {
      ...common,
      id: "marketing",
      chain: [
        { provider: "openai", model: "gpt-5.2" },
        { provider: "anthropic", model: "claude-sonnet-4-6" },
      ],
      max_tokens_per_request: 4096,
      budget: { monthly_micro_usd: 500_000_000, agents: {}, keys: {}, alert_percents: [50, 80, 100] },
    },
    {
      ...common,
      id: "engineering",
      chain: [
        { provider: "anthropic", model: "claude-sonnet-4-6" },
        { provider: "openai", model: "gpt-5.2" },
      ],
      cheap_first: { provider: "anthropic", model: "claude-haiku-4-5", max_prompt_bytes: 65_536 },
      max_tokens_per_request: 8192,
      budget: {
        monthly_micro_usd: 2_000_000_000,
        agents: { default: 1_500_000_000 },
        keys: {},
        alert_percents: [50, 80, 90, 100],
      },
    },
    {
      ...common,
      id: "customer-service",
      chain: [
        { provider: "anthropic", model: "claude-haiku-4-5" },
        { provider: "openai", model: "gpt-5-mini" },
      ],
      cache_ttl_seconds: 300,
      max_tokens_per_request: 2048,
      budget: { monthly_micro_usd: 300_000_000, agents: {}, keys: {}, alert_percents: [50, 80, 100] },
    },
  ]);
  expect(
    prices.map(({ kind, model, input_micro_usd, output_micro_usd }) => [
      kind,
      model,
      input_micro_usd,
      output_micro_usd,
    ]),
  ).toEqual(
    ["gpt-5.2", "gpt-5-mini", "claude-sonnet-4-6", "claude-haiku-4-5"].map((model) => [
      "echo",
      model,
      1_000_000,
      5_000_000,
    ]),
  );
  expect(secretFiles(local, "router-secrets")).toEqual({
    "tenant-keys.json": "platform/router-tenant-keys.json",
    "principal-secret": "platform/principal-secret",
    "postgres-password": "platform/postgres-router-password",
    "audit-signing-key": "platform/audit-signing-key-router",
    "authority.crt": "platform/authority.crt",
    "tls.crt": "platform/router-tls.crt",
    "tls.key": "platform/router-tls.key",
  });
});

test("under architecture B the router treats every tenant's data as restricted", async () => {
  const sections = localSections();
  const plan = await recordPlan({
    ...sections,
    deployment: { ...(sections["deployment"] as object), architecture: "B" },
  });
  const { tenants } = RouterSettings.parse(settingsFile(plan, "router-settings"));
  expect(tenants.map(({ data_class }) => data_class)).toEqual(["restricted", "restricted", "restricted"]);
});

test("a provider's key goes to the router alone, as a file that only its name refers to", () => {
  expect(RouterSettings.parse(settingsFile(outside, "router-settings")).providers["openai"]).toEqual({
    kind: "openai-compatible",
    base_url: "https://models.example.com/v1",
    api_key_file: "/run/secrets/router/openai.key",
    jurisdiction: "us",
    internal: false,
  });
  expect(secretFiles(outside, "router-secrets")).toMatchObject({ "openai.key": "OPENAI_API_KEY" });
  const holders = outside.filter(({ inputs }) => JSON.stringify(inputs).includes("OPENAI_API_KEY"));
  expect(holders.map(({ inputs }) => inputs["name"])).toEqual(["router-secrets"]);
});

test("where no provider is the echo model, the echo model does not exist", async () => {
  const provider = { kind: "nim", base_url: "https://models.example.com/v1", jurisdiction: "us", internal: true };
  const plan = await recordPlan({ ...localSections(), model_providers: { openai: provider, anthropic: provider } });
  expect(workloads(plan).map(({ at }) => at)).not.toContain("breakwater/echo-model");
  expect(JSON.stringify(plan)).not.toContain("echo-model");
});

test("the front door is the one part that the node's own address leads to, on the port of the settings", async () => {
  const plan = await recordPlan({ ...localSections(), front_door: { port: 18_042, replicas: 3, limits: {} } });
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

test.each(["front-door", "router"])(
  "replicas of %s are spread where there are nodes for it, and drained one at a time",
  (name) => {
    const { pod, replicas } = workloadAt(local, `breakwater/${name}`);
    const labelSelector = { matchLabels: { "app.kubernetes.io/component": name } };
    expect(replicas).toBe(2);
    expect(pod.affinity).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey: "kubernetes.io/hostname" } },
        ],
      },
    });
    expect(specOf(objectAt(local, "PodDisruptionBudget", "breakwater", name))).toEqual({
      maxUnavailable: 1,
      selector: labelSelector,
    });
  },
);

test("a part with one replica has no disruption budget, which would only stop a node from being drained", async () => {
  const sections = { ...localSections(), front_door: { replicas: 1 } };
  const plan = await recordPlan(sections);
  const budgets = plan.filter(({ type }) => type.endsWith(":PodDisruptionBudget"));
  expect(budgets.map(({ name }) => name)).toEqual(["router"]);
  expect(workloadAt(plan, "breakwater/front-door").pod.affinity).toBeUndefined();
});

test.each([
  ["front-door", 18_790],
  ["router", 8081],
])("%s is probed on port %i, of which no Service knows", (name, port) => {
  const [server] = workloadAt(local, `breakwater/${name}`).containers;
  expect(server?.ports).toContainEqual({ name: "ops", containerPort: port });
  for (const probe of [server?.startupProbe, server?.livenessProbe, server?.readinessProbe]) {
    expect(probe).toMatchObject({ httpGet: { port: "ops" } });
  }
  const { ports } = specOf<{ ports: readonly { targetPort: string }[] }>(
    objectAt(local, "Service", "breakwater", name),
  );
  expect(ports.map(({ targetPort }) => targetPort)).toEqual(["http"]);
});

test("an update of the echo model never leaves fewer replicas than asked for", () => {
  const { strategy } = specOf<{ strategy: unknown }>(objectAt(local, "Deployment", "breakwater", "echo-model"));
  expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } });
});

test("a replica of the front door or the model router keeps its name, so that a new pod goes on with its audit log", () => {
  for (const name of ["front-door", "router"]) {
    const set = specOf<Record<string, unknown>>(objectAt(local, "StatefulSet", "breakwater", name));
    expect([name, set["serviceName"], set["podManagementPolicy"]]).toEqual([name, name, "Parallel"]);
  }
});

test("a front door that is told to stop may finish the longest turn", () => {
  const { pod, annotations } = workloadAt(local, "breakwater/front-door");
  const { upstream_timeout_seconds } = FrontDoorSettings.parse(settingsFile(local, "front-door-settings"));
  expect(pod.terminationGracePeriodSeconds).toBe(330);
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(upstream_timeout_seconds);
  expect(isUnknown(annotations["breakwater.dev/secrets"])).toBe(true);
});

test.each([
  ["front-door", "audit"],
  ["router", "router-audit"],
])("the audit log of %s outlives it, and all replicas write to it", (name, claimName) => {
  const claim = objectAt(local, "PersistentVolumeClaim", "breakwater", claimName);
  expect(specOf(claim)).toEqual({
    accessModes: ["ReadWriteMany"],
    storageClassName: "local",
    resources: { requests: { storage: "5Gi" } },
  });
  const { pod, containers } = workloadAt(local, `breakwater/${name}`);
  expect(pod.volumes).toContainEqual({ name: "audit", persistentVolumeClaim: { claimName } });
  expect(containers[0]?.volumeMounts).toContainEqual({
    name: "audit",
    mountPath: "/var/lib/breakwater/audit",
    readOnly: false,
  });
});

test("where audit records go is told to both services, tokens as files that are theirs", async () => {
  const exports = [
    {
      kind: "splunk",
      name: "siem",
      url: "https://splunk.example.com:8088",
      token: "${SPLUNK_TOKEN}",
      ca: "${SIEM_CA}",
    },
    { kind: "elasticsearch", name: "marketing", url: "https://elk.example.com", index: "audit", api_key: "${ELK_KEY}" },
    { kind: "syslog", name: "log", host: "log.example.com", port: 6514, transport: "tls" },
    { kind: "file", name: "copy" },
  ];
  const plan = await recordPlan({ ...localSections(), audit: { exports } });
  for (const part of ["front-door", "router"]) {
    const at = `/run/secrets/${part}`;
    expect((settingsFile(plan, `${part}-settings`) as { audit: { exports: unknown } }).audit.exports).toEqual([
      {
        kind: "splunk",
        name: "siem",
        url: "https://splunk.example.com:8088",
        token_file: `${at}/siem.audit-token`,
        ca_file: `${at}/siem.audit-ca`,
      },
      {
        kind: "elasticsearch",
        name: "marketing",
        url: "https://elk.example.com",
        index: "audit",
        api_key_file: `${at}/marketing.audit-api-key`,
      },
      { kind: "syslog", name: "log", host: "log.example.com", port: 6514, transport: "tls" },
      { kind: "file", name: "copy", path: "/var/lib/breakwater/audit/copy.ndjson" },
    ]);
    expect(secretFiles(plan, `${part}-secrets`)).toMatchObject({
      "siem.audit-token": "SPLUNK_TOKEN",
      "siem.audit-ca": "SIEM_CA",
      "marketing.audit-api-key": "ELK_KEY",
    });
  }
});
