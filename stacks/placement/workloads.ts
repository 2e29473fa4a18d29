import type { Settings } from "@breakwater/runtime/settings";
import type { PoolRole } from "../../components/platform.ts";

/** Pods of the platform itself beside the vault: DNS, autoscaler, load balancer, volumes, operators, metrics, logs. */
const SYSTEM_PODS = 30;

/** Pods of a role when everything runs, those of each node left out. */
export function podsOf(role: PoolRole, settings: Settings): number {
  const { multi_tenant, front_door, model_router, vault, inference } = settings;
  const tenants = multi_tenant.tenants.length;
  const counts: Readonly<Record<PoolRole, number>> = {
    system: SYSTEM_PODS + vault.replicas,
    // One more: the echo model, or the Job that makes the database's users.
    agents: tenants + front_door.replicas + model_router.replicas + 1,
    sandbox: tenants,
    gpu: inference.models.reduce((sum, { replicas }) => sum + replicas, 0),
  };
  return counts[role];
}

/** Volumes of a role that one node at a time attaches; volumes that pods share are file systems and are none. */
export function volumesOf(role: PoolRole, { multi_tenant, vault }: Settings): number {
  // Beside the vault's: metrics, its alerts, its dashboards.
  if (role === "system") return vault.replicas + 3;
  return role === "agents" ? multi_tenant.tenants.length : 0;
}
