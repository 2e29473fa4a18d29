import { PLATFORM_NAMESPACE, serviceHost } from "../names.ts";

/** Where the engine of tenants' keys is mounted; a tenant's key has the name of its namespace. */
export const TENANT_KEYS = "tenants";

/** Where the platform's own certificates come from. */
export const PLATFORM_PKI = "pki";

/** The one role of {@link PLATFORM_PKI}. */
export const PKI_ROLE = "platform";

/** In a policy: the accessor of the Kubernetes login, which OpenBao chooses when it is set up. */
export const ACCESSOR = "<accessor>";

/** What is asked of one path. */
interface Rule {
  readonly path: string;
  readonly capabilities: readonly ("create" | "read" | "update" | "delete" | "list" | "sudo")[];
  /** Parameters that may be given, each with its allowed values; any value where none is named. */
  readonly allowed?: Readonly<Record<string, readonly string[]>>;
}

/** The namespace that a pod logged in from, as OpenBao puts it into a path. */
const OWN_NAMESPACE = `{{identity.entity.aliases.${ACCESSOR}.metadata.service_account_namespace}}`;

/** One policy for all tenants: the path names the caller's own namespace, so nobody reaches another's key. */
export const tenantPolicy: string = policyText(
  ["encrypt", "decrypt", "rewrap"].map((verb) => ({
    path: `${TENANT_KEYS}/${verb}/${OWN_NAMESPACE}`,
    capabilities: ["update"],
  })),
);

/** Makes tenants' keys, and can neither use, read, change nor delete one, nor make one that can be exported. */
export const keeperPolicy: string = policyText([
  {
    path: `${TENANT_KEYS}/keys/+`,
    capabilities: ["create", "update"],
    allowed: { type: ["aes256-gcm96"], auto_rotate_period: [] },
  },
]);

/** What one of the platform's own services may do: have certificates for its own name. */
export function servicePolicy(service: string): string {
  return policyText([
    {
      path: `${PLATFORM_PKI}/issue/${PKI_ROLE}`,
      capabilities: ["update"],
      allowed: { common_name: [serviceHost(service, PLATFORM_NAMESPACE)], ttl: [], format: [] },
    },
  ]);
}

/** What people do who administer the vault: everything that changes it, nothing that opens what tenants put under it. */
export const operatorPolicy: string = policyText([
  { path: "sys/policies/acl/*", capabilities: ["create", "read", "update", "delete", "list"] },
  { path: "auth/kubernetes/config", capabilities: ["create", "read", "update"] },
  { path: "auth/kubernetes/role/*", capabilities: ["create", "read", "update", "delete", "list"] },
  { path: "sys/auth", capabilities: ["read"] },
  { path: "sys/mounts", capabilities: ["read"] },
  { path: "sys/mounts/+/tune", capabilities: ["read", "update"] },
  { path: "sys/audit", capabilities: ["read", "sudo"] },
  { path: `${TENANT_KEYS}/keys`, capabilities: ["list"] },
  { path: `${TENANT_KEYS}/keys/+`, capabilities: ["read", "delete"] },
  { path: `${TENANT_KEYS}/keys/+/rotate`, capabilities: ["update"] },
  { path: `${TENANT_KEYS}/keys/+/config`, capabilities: ["update"], allowed: { deletion_allowed: [] } },
  { path: `${PLATFORM_PKI}/roles/*`, capabilities: ["create", "read", "update", "delete", "list"] },
  { path: `${PLATFORM_PKI}/revoke`, capabilities: ["update"] },
  { path: "sys/storage/raft/snapshot", capabilities: ["read"] },
  { path: "sys/storage/raft/configuration", capabilities: ["read"] },
  { path: "sys/storage/raft/autopilot/state", capabilities: ["read"] },
  { path: "sys/storage/raft/remove-peer", capabilities: ["update"] },
  { path: "sys/rotate", capabilities: ["update", "sudo"] },
  { path: "sys/step-down", capabilities: ["update", "sudo"] },
]);

function policyText(rules: readonly Rule[]): string {
  return `${rules.map(ruleText).join("\n")}\n`;
}

function ruleText({ path, capabilities, allowed }: Rule): string {
  return [
    `path ${JSON.stringify(path)} {`,
    `  capabilities = ${JSON.stringify(capabilities)}`,
    ...(allowed === undefined
      ? []
      : ["  allowed_parameters = {", ...Object.entries(allowed).map(parameterText), "  }"]),
    "}",
  ].join("\n");
}

function parameterText([name, values]: [string, readonly string[]]): string {
  return `    ${JSON.stringify(name)} = ${JSON.stringify(values)}`;
}
