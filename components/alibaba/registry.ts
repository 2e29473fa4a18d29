import { RegistryEnterpriseInstance } from "@pulumi/alicloud/cr/registryEnterpriseInstance.js";
import { ScanRule } from "@pulumi/alicloud/cr/scanRule.js";
import { VpcEndpointLinkedVpc } from "@pulumi/alicloud/cr/vpcEndpointLinkedVpc.js";
import { RegistryEnterpriseNamespace } from "@pulumi/alicloud/cs/registryEnterpriseNamespace.js";
import { RegistryEnterpriseRepo } from "@pulumi/alicloud/cs/registryEnterpriseRepo.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { ImageName } from "../platform.ts";
import { kept, slow } from "../resource-options.ts";
import { Bucket } from "./bucket.ts";
import { type AlibabaContext, named } from "./context.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";

const NAMESPACE = "breakwater";

/** One repository for each image; a new image does not compile without one. */
const REPOSITORIES: Readonly<Record<ImageName, string>> = {
  cell: "OpenClaw, one for each tenant",
  "cell-agent": "speaks to OpenClaw beside it",
  sandbox: "where commands of agents run",
  "front-door": "the one way in",
  router: "the one way to models",
  "echo-model": "the stand-in for a model",
  postgres: "PostgreSQL and its client",
  vault: "OpenBao, which holds keys",
};

/**
 * The environment's registry: reached from its network alone, every image scanned, tags that cannot be moved, images in a
 * bucket that is encrypted with a customer key. No public endpoint is made, so that images are pushed from inside, too.
 *
 * Children: Bucket, RegistryEnterpriseInstance, VpcEndpointLinkedVpc, RegistryEnterpriseNamespace, a
 * RegistryEnterpriseRepo for each image, ScanRule. Cost: a year in advance, no price known.
 * Checked by: test/unit/components/alibaba/registry.test.ts.
 */
export class Registry extends Component {
  /** Host of the registry inside the network. */
  readonly address: string;
  readonly instance: RegistryEnterpriseInstance;
  readonly #repositories: Readonly<Record<string, RegistryEnterpriseRepo>>;

  constructor(
    name: string,
    args: { readonly context: AlibabaContext; readonly network: Network; readonly keys: Keys },
    opts?: ComponentResourceOptions,
  ) {
    super("breakwater:alibaba:Registry", name, opts);
    const { context, network, keys } = args;
    const instanceName = named(context, "registry", "images");
    this.address = `${instanceName}-registry-vpc.${context.demand.region}.cr.aliyuncs.com`;
    // Alibaba's own service reads it, from outside the network.
    const layers = new Bucket(
      `${name}-layers`,
      { context, role: "images", keyId: keys.of("artifacts").id },
      { parent: this },
    );
    this.instance = new RegistryEnterpriseInstance(
      name,
      {
        instanceName,
        instanceType: "Advanced",
        paymentType: "Subscription",
        period: 12,
        renewalStatus: "ManualRenewal",
        imageScanner: "ACR",
        defaultOssBucket: "false",
        customOssBucket: layers.bucketName,
        tags: context.tags,
      },
      kept(slow(this.child())),
    );
    const instanceId = this.instance.id;
    new VpcEndpointLinkedVpc(
      name,
      {
        instanceId,
        vpcId: network.vpc.id,
        vswitchId: network.switchOf("data", context.zones[0]).id,
        moduleName: "Registry",
        enableCreateDnsRecordInPvzt: true,
      },
      this.child(),
    );
    const namespace = new RegistryEnterpriseNamespace(
      name,
      { instanceId, name: NAMESPACE, autoCreate: false, defaultVisibility: "PRIVATE" },
      this.child(),
    );
    this.#repositories = Object.fromEntries(
      Object.entries(REPOSITORIES).map(([image, summary]) => [
        image,
        this.#repository(name, { image, summary, namespace }),
      ]),
    );
    new ScanRule(
      name,
      {
        instanceId,
        ruleName: "every-image",
        scanType: "VUL",
        scanScope: "NAMESPACE",
        namespaces: [namespace.name],
        repoTagFilterPattern: ".*",
        triggerType: "AUTO",
      },
      this.child(),
    );
    this.registerOutputs();
  }

  /** Where an image goes, without a tag; known in a plan. */
  repository(image: ImageName): string {
    return `${this.address}/${NAMESPACE}/${image}`;
  }

  /** What must be there before an image is pushed. */
  get ready(): readonly RegistryEnterpriseRepo[] {
    return Object.values(this.#repositories);
  }

  #repository(
    name: string,
    { image, summary, namespace }: { image: string; summary: string; namespace: RegistryEnterpriseNamespace },
  ): RegistryEnterpriseRepo {
    return new RegistryEnterpriseRepo(
      `${name}-${image}`,
      {
        instanceId: this.instance.id,
        namespace: namespace.name,
        name: image,
        summary,
        repoType: "PRIVATE",
        tagImmutability: true,
      },
      kept(this.child()),
    );
  }
}
