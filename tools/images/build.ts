import { rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir } from "../paths.ts";
import type { Buildah } from "./buildah.ts";
import { prepareContext } from "./context.ts";
import { type ImageName, repository } from "./image-name.ts";
import { imageInputsHash } from "./inputs.ts";
import type { BuiltImage } from "./lock.ts";
import { packArchive } from "./oci-archive.ts";

/** The stages of one build, in order. */
export type Stage = "context" | "build" | "archive";

/** Builds one image; the base must be in the storage already. @throws ProblemError */
export async function buildImage(
  name: ImageName,
  buildah: Buildah,
  onStage: (stage: Stage) => void,
): Promise<BuiltImage> {
  const inputsHash = imageInputsHash(name);
  const work = cacheDir("images", "work", name);
  await rm(work, { recursive: true, force: true });
  onStage("context");
  const context = join(work, "context");
  await prepareContext(name, context);

  onStage("build");
  const tag = storageTag(name, inputsHash);
  await buildah.build(tag, context, name === "base" ? undefined : storageTag("base", imageInputsHash("base")));

  onStage("archive");
  const folder = join(work, "image");
  await buildah.writeFolder(tag, folder);
  if (name !== "base") await buildah.remove(tag);
  const archive = cacheDir("images", `${name}-${inputsHash.slice(0, 16)}.tar`);
  const reference = await packArchive(folder, repository(name), archive);
  await rm(work, { recursive: true });
  return { name, reference, archive, inputsHash };
}

/** How the storage knows an image; never leaves this machine. */
export function storageTag(name: ImageName, inputsHash: string): string {
  return `${repository(name)}:${inputsHash.slice(0, 16)}`;
}
