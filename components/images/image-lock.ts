import { readFileSync } from "node:fs";
import type { Input } from "@pulumi/pulumi/output.js";
import { knownOrRefused } from "../known-or-refused.ts";
import type { ImageName } from "../platform.ts";

/** What the image builder wrote of one image: the reference of a built one, or the context from which one is built. */
export interface LockedImage {
  /** By digest. */
  readonly reference?: string;
  /** Folder with a Dockerfile, relative to the program's. */
  readonly context?: string;
  /** Hash of everything in the context. */
  readonly tag?: string;
  /** Hash of what is the same for many contexts: the parts that take long to build. */
  readonly cache?: string;
}

type Lock = Partial<Record<string, LockedImage>>;

/** The file that the image builder wrote; empty where it has written none. */
export function readImageLock(file: string | undefined): Lock {
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Lock;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}

/**
 * A value of the lock. A preview shows what is not there yet as unknown; an update refuses, because it could only deploy
 * something else than what was asked for.
 *
 * @throws ProblemError `images/not-built` at up.
 */
export function locked(image: ImageName, value: string | undefined): Input<string> {
  return knownOrRefused(value, {
    code: "images/not-built",
    path: `image ${image}`,
    got: "no digest",
    expected: "an image built from runtime/",
    remedy: "run `npx breakwater up`, or build with `npx breakwater images` and repeat",
  });
}
