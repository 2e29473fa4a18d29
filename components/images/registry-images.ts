import { Image } from "@pulumi/docker-build/image.js";
import { type Input, interpolate } from "@pulumi/pulumi/output.js";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import type { ImageName } from "../platform.ts";

/** Where images go, and what they are built from. */
export interface RegistryImagesArgs {
  /** Repository of one image, `registry/name` without a tag. */
  readonly repository: (image: ImageName) => Input<string>;
  /** Host of the registry. */
  readonly address: Input<string>;
  /** File that names the prepared build contexts; undefined in a plan. */
  readonly imageLock: string | undefined;
}

/** Images of the runtime, built and pushed to the environment's own registry; returns references by digest. */
export function registryImages(
  name: string,
  args: RegistryImagesArgs,
  opts: ComponentResourceOptions,
): (image: ImageName) => Input<string> {
  const made = new Map<ImageName, Input<string>>();
  return (image) => {
    const known = made.get(image);
    if (known !== undefined) return known;
    const repository = args.repository(image);
    const built = new Image(`${name}-${image}`, { push: true, tags: [interpolate`${repository}:current`] }, opts);
    const reference = interpolate`${repository}@${built.digest}`;
    made.set(image, reference);
    return reference;
  };
}
