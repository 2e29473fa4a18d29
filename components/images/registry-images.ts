import { Image } from "@pulumi/docker-build/image.js";
import { type Input, interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Component } from "../component.ts";
import type { ImageName } from "../platform.ts";
import { type LockedImage, locked, readImageLock } from "./image-lock.ts";

/** Where images go, and what they are built from. */
export interface RegistryImagesArgs {
  /** Repository of one image, `registry/name` without a tag. */
  readonly repository: (image: ImageName) => Input<string>;
  /** File that names the prepared build contexts (`breakwater images ENVIRONMENT`); undefined in a plan. */
  readonly imageLock: string | undefined;
}

/** Images of the runtime, built and pushed to the environment's own registry; returns references by digest. */
export function registryImages(
  name: string,
  args: RegistryImagesArgs,
  opts: ComponentResourceOptions,
): (image: ImageName) => Input<string> {
  const images = new RegistryImages(name, args, opts);
  return (image) => images.reference(image);
}

/**
 * The images of the runtime in a registry. Each is built when something first asks for it, from a context that our own
 * builder has prepared: it begins with `FROM scratch`, so that no image of anybody else is pulled.
 *
 * Children: `${name}-<image>` (docker-build Image), one for each image in use. Cost: storage in the registry.
 * @throws ProblemError `images/not-built` at up.
 */
class RegistryImages extends Component {
  readonly #name: string;
  readonly #args: RegistryImagesArgs;
  readonly #lock: Readonly<Partial<Record<string, LockedImage>>>;
  readonly #references = new Map<ImageName, Input<string>>();

  constructor(name: string, args: RegistryImagesArgs, opts: ComponentResourceOptions) {
    super("breakwater:images:RegistryImages", name, opts);
    this.#name = name;
    this.#args = args;
    this.#lock = readImageLock(args.imageLock);
    this.registerOutputs();
  }

  /** By digest, so that pods roll exactly when their image has changed. */
  reference(image: ImageName): Input<string> {
    const known = this.#references.get(image);
    if (known !== undefined) return known;
    const repository = this.#args.repository(image);
    const { context, tag, cache } = this.#lock[image] ?? {};
    const cacheRef = interpolate`${repository}:cache-${locked(image, cache)}`;
    const built = new Image(
      `${this.#name}-${image}`,
      {
        context: { location: locked(image, context) },
        // Tags never move: the same tag is the same content, and other content has another tag.
        tags: [interpolate`${repository}:${locked(image, tag)}`],
        push: true,
        platforms: ["linux/amd64"],
        buildOnPreview: false,
        // The provider's own build turns provenance off; Docker's CLI attests it (provider 0.0.22, read 2026-11-24).
        exec: true,
        cacheFrom: [{ registry: { ref: cacheRef } }],
        // The first build of these inputs fills it; a registry whose tags cannot move refuses every later one.
        cacheTo: [
          { registry: { ref: cacheRef, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } },
        ],
      },
      {
        ...this.child(),
        customTimeouts: { create: "30m", update: "30m" },
        // Deleting it would delete its tag, which a cell that rolls back still needs; the registry's lifecycle clears up.
        retainOnDelete: true,
      },
    );
    const reference = interpolate`${repository}@${built.digest}`;
    this.#references.set(image, reference);
    return reference;
  }
}
