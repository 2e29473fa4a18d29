import { registerPackage } from "@pulumi/pulumi/runtime/settings.js";

/** The provider that the engine loads: any Terraform provider, told which one. */
const BRIDGE = { name: "terraform-provider", version: "1.1.1" };

/** The Terraform provider, from OpenTofu's registry; 1.83.25 is of 2026-08-21. */
const PROVIDER = {
  name: "tencentcloud",
  version: "1.83.25",
  url: "registry.opentofu.org/tencentcloudstack/tencentcloud",
};

/**
 * Tells the engine which provider the types `tencentcloud:...` belong to, once a deployment, and not before the first
 * resource asks for it.
 */
export function tencentPackage(): Promise<string> {
  const parameter = { remote: { url: PROVIDER.url, version: PROVIDER.version } };
  return registerPackage({
    baseProviderName: BRIDGE.name,
    baseProviderVersion: BRIDGE.version,
    baseProviderDownloadUrl: "",
    packageName: PROVIDER.name,
    packageVersion: PROVIDER.version,
    base64Parameter: Buffer.from(JSON.stringify(parameter)).toString("base64"),
  });
}
