import type { Input } from "@pulumi/pulumi/output.js";
import { output } from "@pulumi/pulumi/output.js";
import { builtImages } from "../images/built-images.ts";
import type { ImageName } from "../platform.ts";
import type { ExistingCluster } from "./existing.ts";

/**
 * References of our images in the company's registry. The builder's archives are pushed there as they are, so that the
 * digests are those of the lock.
 *
 * @throws ProblemError `images/not-built` at up.
 */
export function registryImages(
  { registry }: Pick<ExistingCluster, "registry">,
  imageLock: string | undefined,
): (image: ImageName) => Input<string> {
  const built = builtImages(imageLock);
  return (image) =>
    output(built(image)).apply((reference) => `${registry}/breakwater/${image}@${reference.split("@")[1] ?? ""}`);
}

/** Where the mirror keeps an image of another registry: under the same path, without the other registry's host. */
export function mirrored({ registry }: Pick<ExistingCluster, "registry">, path: string): string {
  return `${registry}/${path}`;
}
