import { CELL_PLUGINS, renderCellConfig } from "@breakwater/runtime/cell";
import {
  CellAgentSettings,
  type Correction,
  FrontDoorSettings,
  RouterSettings,
  type Settings,
} from "@breakwater/runtime/settings";
import type { AgentsArgs } from "../components/agents/agents.ts";
import {
  CELL_AGENT_PORT,
  CELL_PORT,
  ECHO_MODEL_PORT,
  FRONT_DOOR_PORT,
  PLATFORM_NAMESPACE,
  ROUTER_PORT,
  SANDBOX_SSH_PORT,
  serviceHost,
  tenantNamespace,
} from "../components/names.ts";

type TenantSettings = Settings["multi_tenant"]["tenants"][number];

/** What the settings mean on any platform. Pure: the same settings always give the same resources. */
export function agentsOf(settings: Settings): Omit<AgentsArgs, "platform"> {
  const { tenants } = settings.multi_tenant;
  return {
    tenants: tenants.map((tenant) => tenantOf(tenant, settings)),
    router: routerOf(settings),
    frontDoor: { settings: frontDoorSettings(settings), replicas: settings.front_door.replicas },
  };
}

function tenantOf(tenant: TenantSettings, settings: Settings): AgentsArgs["tenants"][number] {
  const { cell } = settings;
  return {
    id: tenant.id,
    displayName: tenant.name,
    cell: {
      openclawConfig: cellConfigOf(tenant, settings),
      agentSettings: CellAgentSettings.parse({
        listen: { port: CELL_AGENT_PORT },
        gateway_url: `ws://127.0.0.1:${CELL_PORT}`,
        gateway_token_file: "/run/secrets/cell/gateway-token",
        required_plugins: [...CELL_PLUGINS],
      }),
      memoryMiB: cell.memory_mib,
      cpuRequestMillicores: cell.cpu_request_millicores,
      storageGiB: cell.storage_gib,
    },
    sandbox: sandboxSize(settings),
  };
}

function cellConfigOf(tenant: TenantSettings, settings: Settings): unknown {
  return renderCellConfig({
    tenantId: tenant.id,
    allowedSkills: tenant.allowed_skills,
    blockedSkills: tenant.blocked_skills,
    retentionDays: tenant.data_retention_days,
    maxTokens: tenant.llm_config.max_tokens_per_request,
    blockedCommands: settings.openshell.execution.blocked_commands,
    gatewayPort: CELL_PORT,
    routerBaseUrl: `http://${serviceHost("router", PLATFORM_NAMESPACE)}:${ROUTER_PORT}/v1`,
    sandbox: sandboxAddress(tenant.id),
    requiredPlugins: [...CELL_PLUGINS],
  });
}

/** Where a tenant's cell dials its sandbox. */
export function sandboxAddress(tenantId: string): { host: string; port: number } {
  return { host: serviceHost("sandbox", tenantNamespace(tenantId)), port: SANDBOX_SSH_PORT };
}

/** What the sandbox's own processes need beside its files, in MiB. */
const SANDBOX_PROCESS_MIB = 512;

/** A sandbox's files are memory, so that they share the memory limit with its processes. */
function sandboxSize({ openshell }: Settings): AgentsArgs["tenants"][number]["sandbox"] {
  const memoryMiB = openshell.execution.max_memory_mb;
  return {
    memoryMiB,
    workspaceMiB: Math.min(wantedWorkspaceMiB(openshell), memoryMiB - SANDBOX_PROCESS_MIB),
    cpuSecondsMax: openshell.execution.max_cpu_seconds,
  };
}

function wantedWorkspaceMiB({ filesystem }: Settings["openshell"]): number {
  return filesystem.max_size_gb * 1024;
}

/** Where the deployment does less than the settings say, for the reader of the plan. */
export function adjustmentsOf(settings: Settings): readonly Correction[] {
  const wanted = wantedWorkspaceMiB(settings.openshell);
  const { memoryMiB, workspaceMiB } = sandboxSize(settings);
  if (wanted === workspaceMiB) return [];
  return [
    {
      path: "openshell.filesystem.max_size_gb",
      got: String(settings.openshell.filesystem.max_size_gb),
      became: String(workspaceMiB / 1024),
      reason: `a sandbox's files are memory: ${memoryMiB} MB of execution.max_memory_mb less ${SANDBOX_PROCESS_MIB} MB for its processes`,
    },
  ];
}

function frontDoorSettings({ multi_tenant, enterprise, front_door }: Settings): FrontDoorSettings {
  const secrets = "/run/secrets/front-door";
  return FrontDoorSettings.parse({
    listen: { port: FRONT_DOOR_PORT },
    max_body_bytes: front_door.max_body_bytes,
    tenants: multi_tenant.tenants.map(({ id, name }) => ({
      id,
      name,
      cell: {
        base_url: `http://${serviceHost("cell", tenantNamespace(id))}:${CELL_PORT}`,
        gateway_token_file: `${secrets}/${id}.token`,
      },
    })),
    roles: enterprise.rbac.roles,
    api_keys_file: `${secrets}/api-keys.json`,
    session_secret_file: `${secrets}/session-secret`,
    audit: { directory: "/var/lib/breakwater/audit" },
  });
}

/** Provider -> name of the secret that holds its key. */
function providerKeys({ model_providers }: Settings): Record<string, string> {
  const withKey = Object.entries(model_providers).flatMap(([name, provider]) =>
    provider.kind === "openai-compatible" && provider.api_key ? [[name, provider.api_key.secret] as const] : [],
  );
  return Object.fromEntries(withKey);
}

/** Files that the person who deploys has to provide. */
export function providerKeyNames(settings: Settings): readonly string[] {
  return [...new Set(Object.values(providerKeys(settings)))].sort();
}

function routerOf(settings: Settings): AgentsArgs["router"] {
  const providers = Object.entries(settings.model_providers);
  const outside = providers.flatMap(([, provider]) =>
    provider.kind === "openai-compatible" ? [portOf(provider.base_url)] : [],
  );
  return {
    settings: routerSettings(settings),
    providerKeys: providerKeys(settings),
    externalPorts: [...new Set(outside)].sort((a, b) => a - b),
    usesEchoModel: providers.some(([, { kind }]) => kind === "echo"),
  };
}

function routerSettings({ multi_tenant, model_providers }: Settings): RouterSettings {
  const secrets = "/run/secrets/router";
  return RouterSettings.parse({
    listen: { port: ROUTER_PORT },
    tenant_keys_file: `${secrets}/tenant-keys.json`,
    tenants: multi_tenant.tenants.map(({ id, llm_config }) => ({
      id,
      provider: llm_config.provider,
      model: llm_config.model,
      max_tokens_per_request: llm_config.max_tokens_per_request,
    })),
    providers: Object.fromEntries(
      Object.entries(model_providers).map(([name, provider]) => [
        name,
        provider.kind === "echo"
          ? { base_url: `http://${serviceHost("echo-model", PLATFORM_NAMESPACE)}:${ECHO_MODEL_PORT}/v1` }
          : {
              base_url: provider.base_url,
              ...(provider.api_key ? { api_key_file: `${secrets}/${name}.key` } : {}),
            },
      ]),
    ),
  });
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
