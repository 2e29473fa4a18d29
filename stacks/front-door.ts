import { effectiveSkills, FrontDoorSettings, type Settings } from "@breakwater/runtime/settings";
import type { AgentsArgs } from "../components/agents/agents.ts";
import { CELL_AGENT_PORT, CELL_PORT, FRONT_DOOR_PORT, serviceHost, tenantNamespace } from "../components/names.ts";
import { authorityFile } from "../components/transport.ts";
import { auditPorts, auditSecretFiles, auditSettings } from "./audit.ts";
import { type DatabaseAddress, databaseSettings } from "./database.ts";
import { screeningSettings } from "./screening.ts";
import { cipherSuitesOf, trustOf } from "./transport.ts";

const SECRETS = "/run/secrets/front-door";

/** The front door: its settings and the files that they name. */
export function frontDoorOf(settings: Settings, database: DatabaseAddress): AgentsArgs["frontDoor"] {
  const ids = settings.multi_tenant.tenants.map(({ id }) => id);
  return {
    settings: frontDoorSettings(settings, database),
    secretFiles: {
      "session-secret": "platform/session-secret",
      "principal-secret": "platform/principal-secret",
      "postgres-password": "platform/postgres-front-door-password",
      ...authorityFile,
      ...auditSecretFiles(settings, "front-door"),
      ...Object.fromEntries(ids.map((id) => [`${id}.token`, `tenants/${id}/gateway-token`])),
    },
    replicas: settings.front_door.replicas,
    externalPorts: auditPorts(settings),
  };
}

function frontDoorSettings(settings: Settings, database: DatabaseAddress): FrontDoorSettings {
  const { multi_tenant, enterprise, front_door } = settings;
  return FrontDoorSettings.parse({
    listen: { port: FRONT_DOOR_PORT },
    trust: trustOf(settings, SECRETS),
    max_body_bytes: front_door.max_body_bytes,
    replicas: front_door.replicas,
    tenants: multi_tenant.tenants.map((tenant) => ({
      id: tenant.id,
      name: tenant.name,
      max_agents: tenant.max_agents,
      skills: effectiveSkills(tenant),
      limits: tenant.limits,
      cell: {
        base_url: cellUrl(tenant.id, CELL_PORT),
        gateway_token_file: `${SECRETS}/${tenant.id}.token`,
        agent_url: cellUrl(tenant.id, CELL_AGENT_PORT),
      },
    })),
    limits: front_door.limits,
    roles: enterprise.rbac.roles,
    api_keys_file: `${SECRETS}/api-keys.json`,
    session_secret_file: `${SECRETS}/session-secret`,
    principal_secret_file: `${SECRETS}/principal-secret`,
    database: databaseSettings(database, "front_door", { secrets: SECRETS, cipherSuites: cipherSuitesOf(settings) }),
    screening: screeningSettings(settings),
    audit: auditSettings(settings, SECRETS),
  });
}

function cellUrl(tenantId: string, port: number): string {
  return `https://${serviceHost("cell", tenantNamespace(tenantId))}:${port}`;
}
