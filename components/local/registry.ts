import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";
import { type Input, output, unknown } from "@pulumi/pulumi/output.js";
import { isDryRun } from "@pulumi/pulumi/runtime/settings.js";
import type { ImageName } from "../platform.ts";

/**
 * References of the images that the local builder has made, by digest.
 *
 * A preview shows an image that is not built yet as unknown; an update refuses, because it could only deploy
 * something else than what was asked for.
 *
 * @param lockFile JSON written by the image builder: name -> {reference}; undefined where nothing was built.
 * @throws ProblemError `images/not-built` at up.
 */
export function localImages(lockFile: string | undefined): (name: ImageName) => Input<string> {
  const lock = lockFile === undefined ? {} : readLock(lockFile);
  return (name) => {
    const reference = lock[name]?.reference;
    if (reference !== undefined) return reference;
    if (isDryRun()) return output(unknown as unknown as string);
    return refuse({
      code: "images/not-built",
      path: `image ${name}`,
      got: "no digest",
      expected: "an image built from runtime/",
      remedy: "run `npx breakwater up`, or build with `npx breakwater images` and repeat",
    });
  };
}

type Lock = Partial<Record<string, { readonly reference: string }>>;

function readLock(file: string): Lock {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
