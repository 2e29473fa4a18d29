import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import { ClusterRole } from "@pulumi/kubernetes/rbac/v1/clusterRole.js";
import { ClusterRoleBinding } from "@pulumi/kubernetes/rbac/v1/clusterRoleBinding.js";
import type { CustomResourceOptions, Resource } from "@pulumi/pulumi/resource.js";
import type { VaultSeal } from "../platform.ts";
import { vaultLabels } from "./labels.ts";
import { VAULT_KEEPER, VAULT_NAMESPACE, VAULT_OPERATOR, VAULT_SERVERS } from "./names.ts";

/** Name of what lets the servers ask whose a token is; of the whole cluster, so it carries the product's name. */
const TOKEN_REVIEW = "breakwater-vault-token-review";

/**
 * The identities of the vault's namespace: servers (who may have tokens reviewed and nothing else of Kubernetes, and are
 * known to the cloud's key service), the maker of tenants' keys, and people who administer the vault.
 */
export function identities(name: string, seal: VaultSeal, opts: CustomResourceOptions): readonly Resource[] {
  const servers = account(name, VAULT_SERVERS, opts, seal.serviceAccountAnnotations);
  const role = new ClusterRole(
    name,
    {
      metadata: { name: TOKEN_REVIEW, labels: vaultLabels("vault") },
      rules: [{ apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] }],
    },
    opts,
  );
  const binding = new ClusterRoleBinding(
    name,
    {
      metadata: { name: TOKEN_REVIEW, labels: vaultLabels("vault") },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: TOKEN_REVIEW },
      subjects: [{ kind: "ServiceAccount", name: VAULT_SERVERS, namespace: VAULT_NAMESPACE }],
    },
    opts,
  );
  return [
    servers,
    role,
    binding,
    account(`${name}-keeper`, VAULT_KEEPER, opts),
    account(`${name}-operator`, VAULT_OPERATOR, opts),
  ];
}

function account(
  logicalName: string,
  name: string,
  opts: CustomResourceOptions,
  annotations: NonNullable<VaultSeal["serviceAccountAnnotations"]> = {},
): ServiceAccount {
  return new ServiceAccount(
    logicalName,
    {
      metadata: { name, namespace: VAULT_NAMESPACE, labels: vaultLabels("vault"), annotations: { ...annotations } },
      automountServiceAccountToken: false,
    },
    opts,
  );
}
