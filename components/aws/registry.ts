import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { PullThroughCacheRule } from "@pulumi/aws/ecr/pullThroughCacheRule.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { interpolate, type Output } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import { CHART_IMAGES } from "../monitoring/images.ts";
import type { ImageName, UpstreamRegistry } from "../platform.ts";
import { kept } from "../resource-options.ts";
import { type AwsContext, named, type PlainContext, tagged } from "./context.ts";
import type { Keys } from "./keys.ts";

/** Every image has a repository, in use or not: which ones are is decided later. */
const IMAGES: Readonly<Record<ImageName, true>> = {
  cell: true,
  "cell-agent": true,
  sandbox: true,
  "front-door": true,
  router: true,
  "echo-model": true,
  postgres: true,
  vault: true,
};

/**
 * Registries that ECR copies from, with the host that it asks; Docker Hub answers only with a login (ECR user guide,
 * remembered 2026-11-24).
 */
const UPSTREAMS: Readonly<
  Record<UpstreamRegistry, { readonly id: string; readonly url: string; readonly login: boolean }>
> = {
  "registry.k8s.io": { id: "k8s", url: "registry.k8s.io", login: false },
  "quay.io": { id: "quay", url: "quay.io", login: false },
  "docker.io": { id: "docker", url: "registry-1.docker.io", login: true },
};

/** Images of controllers that nodes pull from the copies, beside those of monitoring: China copies nothing by itself. */
const CONTROLLERS: readonly { readonly upstream: UpstreamRegistry; readonly repository: string }[] = [
  { upstream: "registry.k8s.io", repository: "autoscaling/cluster-autoscaler" },
  { upstream: "quay.io", repository: "kata-containers/kata-deploy" },
];

/**
 * The environment's own registry: tags that never move, every image scanned when it arrives, encrypted with the customer's
 * key; and copies of public images, so that nodes pull from nowhere else.
 *
 * Children: Repository and LifecyclePolicy for each image; PullThroughCacheRule for each upstream, in China a Repository for
 * each mirrored image instead. Cost: 0.10 USD a GB and month (us-east-1, 2024-07-01).
 * Checked by: test/unit/components/aws/entry.test.ts.
 */
export class Registry extends Component {
  /** Host of the registry. */
  readonly address: Output<string>;
  readonly #name: string;
  readonly #context: AwsContext;
  readonly #repositories: Readonly<Record<ImageName, Repository>>;

  constructor(name: string, context: AwsContext, keys: Keys, opts?: ComponentResourceOptions) {
    super("breakwater:aws:Registry", name, opts);
    this.#name = name;
    this.#context = context;
    const { demand, partition } = context;
    this.address = interpolate`${context.account}.dkr.ecr.${demand.region}.${partition.dnsSuffix}`;
    const made = (Object.keys(IMAGES) as ImageName[]).map((image) => [
      image,
      this.#repository(image, named(context, "repository", image), keys),
    ]);
    this.#repositories = Object.fromEntries(made) as Record<ImageName, Repository>;
    for (const upstream of Object.keys(UPSTREAMS) as UpstreamRegistry[]) this.#copies(upstream, keys);
    this.registerOutputs();
  }

  repository(image: ImageName): Output<string> {
    return this.#repositories[image].repositoryUrl;
  }

  /** Where copies of a public registry lie: append the image's own path. */
  mirror(upstream: UpstreamRegistry): Output<string> {
    return interpolate`${this.address}/${mirrorPrefix(this.#context, upstream)}`;
  }

  #repository(role: string, name: string, keys: Keys): Repository {
    const repository = new Repository(
      `${this.#name}-${role}`,
      {
        name,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keys.of("registry").arn }],
        forceDelete: false,
        tags: tagged(this.#context, name),
      },
      kept(this.child()),
    );
    new LifecyclePolicy(
      `${this.#name}-${role}`,
      { repository: repository.name, policy: JSON.stringify(CLEAR_UP) },
      this.child(),
    );
    return repository;
  }

  #copies(upstream: UpstreamRegistry, keys: Keys): void {
    const prefix = mirrorPrefix(this.#context, upstream);
    const { id, url, login } = UPSTREAMS[upstream];
    if (this.#context.partition.arn === "aws-cn") {
      const mirrored = [...CONTROLLERS, ...Object.values(CHART_IMAGES)].filter((image) => image.upstream === upstream);
      for (const { repository } of mirrored) this.#repository(`${id}-${repository}`, `${prefix}/${repository}`, keys);
      return;
    }
    // Copies of what is public: ECR encrypts them with its own key.
    const rule = { ecrRepositoryPrefix: prefix, upstreamRegistryUrl: url };
    const name = `${this.#name}-${id}`;
    new PullThroughCacheRule(name, login ? { ...rule, credentialArn: this.#login(name, keys) } : rule, this.child());
  }

  /** The login at an upstream. It is made empty: its owner writes it once, and no value passes the engine. */
  #login(name: string, keys: Keys): Output<string> {
    const own = `ecr-pullthroughcache/${this.#context.demand.environment}`;
    const secret = new Secret(
      name,
      { name: own, kmsKeyId: keys.of("registry").arn, tags: tagged(this.#context, own) },
      this.child(),
    );
    return secret.arn;
  }
}

/** First part of the repositories of copies. */
export function mirrorPrefix(context: PlainContext, upstream: UpstreamRegistry): string {
  return `${named(context, "pullThrough", "mirror")}-${UPSTREAMS[upstream].id}`;
}

/** What a running pod may name stays: nothing with a tag of ours goes, but build caches and what lost its tag. */
const CLEAR_UP = {
  rules: [
    {
      rulePriority: 1,
      description: "The last five build caches",
      selection: { tagStatus: "tagged", tagPrefixList: ["cache-"], countType: "imageCountMoreThan", countNumber: 5 },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "Without a tag for 30 days",
      selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 30 },
      action: { type: "expire" },
    },
  ],
};
