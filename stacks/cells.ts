import { CELL_PATHS, CELL_PLUGINS, renderCellConfig } from "@breakwater/runtime/cell";
import { CellAgentSettings, type Settings, type TenantSettings } from "@breakwater/runtime/settings";
import type { AgentsArgs } from "../components/agents/agents.ts";
import { CELL_AGENT_PORT, CELL_PORT, PLATFORM_NAMESPACE, ROUTER_PORT, serviceHost } from "../components/names.ts";
import { sandboxAddress } from "./sandboxes.ts";
import { transportOf } from "./transport.ts";

/** The model router as cells dial it. */
const ROUTER_URL = `https://${serviceHost("router", PLATFORM_NAMESPACE)}:${ROUTER_PORT}`;

const SECRETS = "/run/secrets/cell";
const AGENT_STATE = "/var/lib/breakwater/cell-agent";

/** The cell of one tenant: OpenClaw's configuration, its agent's settings, its size. */
export function cellOf(tenant: TenantSettings, settings: Settings): AgentsArgs["tenants"][number]["cell"] {
  const { cell } = settings;
  return {
    openclawConfig: openclawConfigOf(tenant, settings),
    agentSettings: CellAgentSettings.parse({
      listen: { port: CELL_AGENT_PORT },
      transport: transportOf(settings, SECRETS),
      gateway_url: `wss://127.0.0.1:${CELL_PORT}`,
      gateway_token_file: `${SECRETS}/gateway-token`,
      cipher_suites_file: CELL_PATHS.cipherSuites,
      required_plugins: [...CELL_PLUGINS],
      config: {
        base_file: "/etc/openclaw/base.json",
        merged_file: "/run/openclaw/openclaw.json",
        agents_file: `${AGENT_STATE}/agents.json`,
      },
      tool_audit: {
        file: "/var/log/openclaw/tool-audit.jsonl",
        cursor_file: `${AGENT_STATE}/tool-audit.cursor`,
        router_url: ROUTER_URL,
        router_key_file: `${SECRETS}/router-key`,
      },
    }),
    memoryMiB: cell.memory_mib,
    cpuRequestMillicores: cell.cpu_request_millicores,
    storageGiB: cell.storage_gib,
  };
}

function openclawConfigOf(tenant: TenantSettings, settings: Settings): unknown {
  return renderCellConfig({
    allowedSkills: tenant.allowed_skills,
    blockedSkills: tenant.blocked_skills,
    retentionDays: tenant.data_retention_days,
    maxTokens: tenant.llm_config.max_tokens_per_request,
    blockedCommands: settings.openshell.execution.blocked_commands,
    gatewayPort: CELL_PORT,
    routerBaseUrl: `${ROUTER_URL}/v1`,
    sandbox: sandboxAddress(tenant.id),
    requiredPlugins: [...CELL_PLUGINS],
  });
}
