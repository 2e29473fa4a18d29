export { tenantNamespace } from "@breakwater/runtime/settings";

/** Namespace of the parts that all tenants share: front door, model router, database, echo model. */
export const PLATFORM_NAMESPACE = "breakwater";

/** The ValidatingAdmissionPolicy of tenants' pods, and its binding. */
export const TENANT_PODS_POLICY = "breakwater-tenant-pods";

/** Name that a Service has for every pod of the cluster. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

export const FRONT_DOOR_PORT = 18789;
export const CELL_PORT = 18789;
export const CELL_AGENT_PORT = 18790;
export const SANDBOX_SSH_PORT = 2222;
export const ROUTER_PORT = 8080;
export const ECHO_MODEL_PORT = 8080;
export const POSTGRES_PORT = 5432;

/** Probes and metrics of front door and model router: the port after that of their requests. */
export function operationsPort(port: number): number {
  return port + 1;
}
