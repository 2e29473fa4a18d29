// Made by tools/tencent-sdk from resources.json: change that, not this.
import type { Input } from "@pulumi/pulumi/output.js";
import { CustomResource, type CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { tencentPackage } from "./package.ts";

/** Arguments of {@link KubernetesAuthAttachment}. */
export interface KubernetesAuthAttachmentArgs {
  readonly clusterId: Input<string>;
  readonly useTkeDefault?: Input<boolean>;
  readonly autoCreateDiscoveryAnonymousAuth?: Input<boolean>;
  readonly autoCreateOidcConfig?: Input<boolean>;
  readonly autoCreateClientIds?: Input<readonly Input<string>[]>;
  readonly autoInstallPodIdentityWebhookAddon?: Input<boolean>;
}

/** `tencentcloud_kubernetes_auth_attachment` of the Terraform provider, with the arguments that the kit uses. */
export class KubernetesAuthAttachment extends CustomResource {
  constructor(name: string, args: KubernetesAuthAttachmentArgs, opts?: CustomResourceOptions) {
    super(
      "tencentcloud:index/kubernetesAuthAttachment:KubernetesAuthAttachment",
      name,
      { ...args },
      opts,
      false,
      tencentPackage(),
    );
  }
}
