import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentImage } from "../../tools/images/lock.ts";
import type { EnvironmentFile } from "../environment.ts";
import { type PlannedResource, recordProgram } from "../plan/recorder.ts";
import { NO_DIGEST, OWN_IMAGES } from "./images.ts";

type OwnImage = (typeof OWN_IMAGES)[number];

/**
 * The plan of an environment in which every image of ours has a name, built or not.
 *
 * @param built reference of an image that is built. @default what the cache has of this checkout's inputs
 */
export async function planWithImages(
  { name, sections }: EnvironmentFile,
  built: (image: OwnImage) => string | undefined = (image) => currentImage(image)?.reference,
): Promise<readonly PlannedResource[]> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-bundle-"));
  const before = process.env["BREAKWATER_IMAGES"];
  try {
    const lock = join(folder, "lock.json");
    const references = OWN_IMAGES.map((image) => [image, { reference: built(image) ?? unbuilt(image) }] as const);
    writeFileSync(lock, JSON.stringify(Object.fromEntries(references)));
    process.env["BREAKWATER_IMAGES"] = lock;
    return await recordProgram(name, sections);
  } finally {
    if (before === undefined) delete process.env["BREAKWATER_IMAGES"];
    else process.env["BREAKWATER_IMAGES"] = before;
    rmSync(folder, { recursive: true });
  }
}

function unbuilt(image: OwnImage): string {
  return `docker.io/breakwater/${image}@sha256:${NO_DIGEST}`;
}
