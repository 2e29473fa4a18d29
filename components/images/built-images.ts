import type { Input } from "@pulumi/pulumi/output.js";
import type { ImageName } from "../platform.ts";
import { locked, readImageLock } from "./image-lock.ts";

/**
 * References by digest of the images that our own builder has made: for places that nothing is pushed to over the
 * internet, where the archives are carried to the nodes or to a registry of their own.
 *
 * @param lockFile JSON written by the image builder: name -> {reference}; undefined where nothing was built.
 * @throws ProblemError `images/not-built` at up.
 */
export function builtImages(lockFile: string | undefined): (image: ImageName) => Input<string> {
  const lock = readImageLock(lockFile);
  return (image) => locked(image, lock[image]?.reference);
}
