import type { Input, Output } from "@pulumi/pulumi/output.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import resource from "@pulumi/pulumi/resource.js";
import { PLUGIN_VERSION } from "./plugin-version.ts";

/** What {@link SecretFiles} needs. */
export interface SecretFilesArgs {
  readonly namespace: Input<string>;
  readonly name: Input<string>;
  /** Secret key to path below the environment's secrets folder, such as `{ "router-key": "tenants/a/router-key" }`. */
  readonly files: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, Input<string>>>;
  /** Leads to the cluster; left out: that of the deploying machine's KUBECONFIG. Secret where it holds a credential. */
  readonly kubeconfig?: Input<string>;
}

/**
 * A Kubernetes Secret whose content goes from files of the deploying machine straight to the cluster: plan, state and
 * logs hold paths and a fingerprint, never a value. Changed files change the fingerprint, so `up` sees them.
 *
 * Children: none. Cost: none.
 * @throws `secrets/missing-file`, `secrets/empty-file`, `secrets/outside`, `secrets/malformed`, all at preview.
 */
export class SecretFiles extends resource.CustomResource {
  /** Keyed digest of the files; put it into a pod's annotations to restart it when a secret changes. */
  declare readonly fingerprint: Output<string>;

  constructor(name: string, args: SecretFilesArgs, opts?: CustomResourceOptions) {
    const inputs = { ...args, fingerprint: undefined };
    super("breakwater:index:SecretFiles", name, inputs, { version: PLUGIN_VERSION, ...opts });
  }
}
