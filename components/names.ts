export { tenantNamespace } from "@breakwater/runtime/settings";

/** Namespace of the parts that all tenants share: front door, model router, echo model. */
export const PLATFORM_NAMESPACE = "breakwater";

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
