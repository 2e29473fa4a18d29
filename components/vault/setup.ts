import { PLATFORM_NAMESPACE } from "../names.ts";
import type { HclValue } from "./hcl.ts";
import { VAULT_AUDIENCE, VAULT_KEEPER, VAULT_NAMESPACE, VAULT_OPERATOR } from "./names.ts";
import {
  keeperPolicy,
  operatorPolicy,
  PKI_ROLE,
  PLATFORM_PKI,
  servicePolicy,
  TENANT_KEYS,
  tenantPolicy,
} from "./policies.ts";

/** One step of setting up a new vault, in the order of the list. */
export interface SetupRequest {
  /** Unique, of letters, digits and `_`. */
  readonly name: string;
  readonly path: string;
  readonly data: Readonly<Record<string, HclValue>>;
  /** What answers once this was done, of steps that cannot be done twice. */
  readonly onceBy?: string;
}

/** Services that have certificates of their own: ServiceAccount, policy and Service carry the same name. */
const SERVICES = ["front-door", "router"] as const;

/** Days that a key of a tenant is used for new data; older data stays readable. */
export const KEY_ROTATION_DAYS = 90;

const HOUR = 3600;
const YEAR_HOURS = 365 * 24;

/** Lifetime of a certificate of the platform's services: short, because nothing asks for revocations. */
const CERTIFICATE_TTL = "24h";

/** The step after which {@link ACCESSOR} can be known. */
export const KUBERNETES_LOGIN = "sys/auth/kubernetes";

/** How the servers ask Kubernetes whose a token is: the API server as every pod reaches it, by the pod's own token. */
const KUBERNETES_API = { kubernetes_host: "https://kubernetes.default.svc" };

/**
 * Everything that a vault holds before its first tenant. It holds no secret: what is secret is made inside.
 *
 * @param kubernetes where tokens are reviewed. @default the API server of the cluster that the vault is in
 */
export function setupRequests(
  kubernetes: Readonly<Record<string, HclValue>> = KUBERNETES_API,
): readonly SetupRequest[] {
  return [...engines(kubernetes), ...policies, ...loginRoles];
}

function engines(kubernetes: Readonly<Record<string, HclValue>>): readonly SetupRequest[] {
  return [
    {
      name: "kubernetes",
      path: KUBERNETES_LOGIN,
      data: { type: "kubernetes", description: "Pods log in by the token of their ServiceAccount." },
      onceBy: KUBERNETES_LOGIN,
    },
    {
      name: "tenant_keys",
      path: `sys/mounts/${TENANT_KEYS}`,
      data: { type: "transit", description: "One key a tenant, made so that it cannot leave." },
      onceBy: `sys/mounts/${TENANT_KEYS}`,
    },
    {
      name: "platform_pki",
      path: `sys/mounts/${PLATFORM_PKI}`,
      data: {
        type: "pki",
        description: "Certificates of the platform's own services.",
        config: { max_lease_ttl: `${10 * YEAR_HOURS}h` },
      },
      onceBy: `sys/mounts/${PLATFORM_PKI}`,
    },
    {
      name: "platform_authority",
      path: `${PLATFORM_PKI}/root/generate/internal`,
      data: {
        common_name: "Breakwater platform authority",
        key_type: "ec",
        key_bits: 384,
        ttl: `${10 * YEAR_HOURS}h`,
      },
      onceBy: `${PLATFORM_PKI}/issuer/default`,
    },
    {
      name: "kubernetes_api",
      path: "auth/kubernetes/config",
      data: kubernetes,
    },
    { name: "platform_certificates", path: `${PLATFORM_PKI}/roles/${PKI_ROLE}`, data: certificateRole() },
  ];
}

const policies: readonly SetupRequest[] = [
  policy("tenant", tenantPolicy),
  policy("keeper", keeperPolicy),
  policy("operator", operatorPolicy),
  ...SERVICES.map((service) => policy(service, servicePolicy(service))),
];

const loginRoles: readonly SetupRequest[] = [
  loginRole("tenant", ["cell"], ["tenant-*"], HOUR),
  loginRole("keeper", [VAULT_KEEPER], [VAULT_NAMESPACE], HOUR / 6),
  loginRole("operator", [VAULT_OPERATOR], [VAULT_NAMESPACE], HOUR / 4),
  ...SERVICES.map((service) => loginRole(service, [service], [PLATFORM_NAMESPACE], HOUR)),
];

/** Servers of the platform's namespace by their names in the cluster; no address, no wildcard, no other name. */
function certificateRole(): SetupRequest["data"] {
  return {
    allowed_domains: [`${PLATFORM_NAMESPACE}.svc.cluster.local`],
    allow_subdomains: true,
    allow_bare_domains: false,
    allow_wildcard_certificates: false,
    allow_localhost: false,
    allow_ip_sans: false,
    allow_any_name: false,
    enforce_hostnames: true,
    server_flag: true,
    client_flag: false,
    key_type: "ec",
    key_bits: 256,
    ttl: CERTIFICATE_TTL,
    max_ttl: CERTIFICATE_TTL,
    no_store: true,
  };
}

function policy(name: string, text: string): SetupRequest {
  return { name: `policy_${stepName(name)}`, path: `sys/policies/acl/${name}`, data: { policy: text } };
}

/** Who gets the policy of the same name. */
function loginRole(
  name: string,
  serviceAccounts: readonly string[],
  namespaces: readonly string[],
  seconds: number,
): SetupRequest {
  return {
    name: `role_${stepName(name)}`,
    path: `auth/kubernetes/role/${name}`,
    data: {
      bound_service_account_names: serviceAccounts,
      bound_service_account_namespaces: namespaces,
      audience: VAULT_AUDIENCE,
      token_policies: [name],
      token_no_default_policy: true,
      token_ttl: seconds,
      token_max_ttl: seconds,
    },
  };
}

function stepName(name: string): string {
  return name.replaceAll("-", "_");
}
