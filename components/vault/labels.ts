import { COMPONENT_LABEL } from "../labels.ts";

/** What runs in the vault's namespace. */
export type VaultPart = "vault" | "vault-keeper";

/** What identifies the pods of one part; it never changes after creation. */
export function vaultSelector(part: VaultPart): Record<string, string> {
  return { [COMPONENT_LABEL]: part };
}

/** Labels of every object of one part. */
export function vaultLabels(part: VaultPart): Record<string, string> {
  return {
    "app.kubernetes.io/name": part,
    "app.kubernetes.io/part-of": "breakwater",
    "app.kubernetes.io/managed-by": "pulumi",
    ...vaultSelector(part),
  };
}
