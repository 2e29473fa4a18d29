import type { Settings } from "@breakwater/runtime/settings";
import { prometheusPeer } from "../components/monitoring/walls.ts";
import type { Platform } from "../components/platform.ts";
import type { VaultArgs } from "../components/vault/vault.ts";

/** The vault of an environment. Pure: the same settings always give the same. */
export function vaultOf(settings: Settings, platform: VaultArgs["platform"] & Pick<Platform, "image">): VaultArgs {
  return {
    platform,
    image: platform.image("vault"),
    replicas: settings.vault.replicas,
    storageGiB: settings.vault.storage_gib,
    tenants: settings.multi_tenant.tenants.map(({ id }) => id),
    scrapers: [prometheusPeer],
  };
}
