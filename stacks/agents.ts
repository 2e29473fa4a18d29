import type { Correction, Settings } from "@breakwater/runtime/settings";
import type { AgentsArgs } from "../components/agents/agents.ts";
import { prometheusPeer } from "../components/monitoring/walls.ts";
import { cellOf } from "./cells.ts";
import type { DatabaseAddress } from "./database.ts";
import { frontDoorOf } from "./front-door.ts";
import { routerOf } from "./model-router.ts";
import { SANDBOX_PROCESS_MIB, sandboxSize, wantedWorkspaceMiB } from "./sandboxes.ts";
import { cipherSuitesOf } from "./transport.ts";

/** What the settings mean on any platform. Pure: the same settings always give the same resources. */
export function agentsOf(settings: Settings, database: DatabaseAddress): Omit<AgentsArgs, "platform"> {
  return {
    tenants: settings.multi_tenant.tenants.map((tenant) => ({
      id: tenant.id,
      displayName: tenant.name,
      cell: cellOf(tenant, settings),
      sandbox: sandboxSize(settings),
    })),
    router: { ...routerOf(settings, database), scrapers: scrapersOf(settings) },
    frontDoor: { ...frontDoorOf(settings, database), scrapers: scrapersOf(settings) },
    cipherSuites: cipherSuitesOf(settings),
    databaseGiB: settings.database.storage_gib,
  };
}

/** Who reads the services' metrics: Prometheus, where there is one. */
function scrapersOf({ deployment }: Settings): (typeof prometheusPeer)[] {
  return deployment.topology === "local" ? [] : [prometheusPeer];
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
