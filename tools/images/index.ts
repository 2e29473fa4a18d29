import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { exclusively } from "../exclusive.ts";
import { cacheDir } from "../paths.ts";
import { type Progress, tracked } from "../progress.ts";
import { buildImage, type Stage, storageTag } from "./build.ts";
import { type Buildah, findBuildah } from "./buildah.ts";
import { IMAGE_NAMES, type ImageName, type ServiceName } from "./image-name.ts";
import { imageInputsHash, isService } from "./inputs.ts";
import { type BuiltImage, currentImage, enterImage, imageLockFile, lockedArchives } from "./lock.ts";

export { contextLockFile, ensureContexts, type ImageContext } from "./contexts.ts";
export type { ImageName } from "./image-name.ts";
export { type BuiltImage, imageLockFile } from "./lock.ts";

/** Seconds of each stage, measured 2026-11-23 on two busy cores with cold caches; weights of the progress bar. */
const SECONDS: Readonly<Record<Exclude<ImageName, ServiceName> | "service", Readonly<Record<Stage, number>>>> = {
  base: { context: 90, build: 13, archive: 3 },
  cell: { context: 60, build: 45, archive: 15 },
  sandbox: { context: 0, build: 18, archive: 3 },
  postgres: { context: 0, build: 40, archive: 8 },
  vault: { context: 15, build: 22, archive: 10 },
  service: { context: 0, build: 2, archive: 3 },
};

const SAYS: Readonly<Record<Stage, string>> = {
  context: "fetching packages",
  build: "building",
  archive: "packing",
};

/**
 * The images, building only those whose inputs changed. No registry is asked or filled; one build runs at a time on a
 * machine.
 *
 * @throws ProblemError `images/missing-tool` with what to install, `images/bundle`, `images/npm`, `images/debootstrap`,
 * `images/build`, `images/manifest`, `images/archive`
 */
export async function ensureImages(
  progress: Progress,
  names: readonly ImageName[] = IMAGE_NAMES,
): Promise<readonly BuiltImage[]> {
  const present = currentImages(names);
  if (present !== undefined) return present;
  const built = await exclusively(`images:${cacheDir()}`, async () => {
    const wanted = names.filter((name) => currentImage(name) === undefined);
    if (wanted.length > 0) await tracked(progress, `${wanted.length} images`, ({ update }) => buildAll(wanted, update));
    return currentImages(names);
  });
  // Undefined when a source was edited during the build: what was built is already old.
  return built ?? ensureImages(progress, names);
}

function currentImages(names: readonly ImageName[]): readonly BuiltImage[] | undefined {
  const images = names.flatMap((name) => currentImage(name) ?? []);
  return images.length === names.length ? images : undefined;
}

async function buildAll(
  wanted: readonly ImageName[],
  update: (share: number | undefined, note?: string) => void,
): Promise<void> {
  await rm(cacheDir("images", "work"), { recursive: true, force: true });
  const buildah = await findBuildah();
  const all = await withBase(wanted, buildah);
  const total = all.reduce((sum, name) => sum + seconds(name), 0);
  let done = 0;
  for (const name of all) {
    const before = done;
    const built = await buildImage(name, buildah, (stage) => {
      update((before + secondsBefore(name, stage)) / total, `${name}: ${SAYS[stage]}`);
    });
    await enterImage(built);
    done += seconds(name);
  }
  await removeOldArchives();
}

/** The storage may have been emptied while the archives stayed; the other images need the base in it. */
async function withBase(wanted: readonly ImageName[], buildah: Buildah): Promise<readonly ImageName[]> {
  if (wanted.includes("base") || (await buildah.has(storageTag("base", imageInputsHash("base"))))) return wanted;
  return ["base", ...wanted];
}

function timings(name: ImageName): Readonly<Record<Stage, number>> {
  return isService(name) ? SECONDS.service : SECONDS[name];
}

function seconds(name: ImageName): number {
  const { context, build, archive } = timings(name);
  return context + build + archive;
}

function secondsBefore(name: ImageName, stage: Stage): number {
  const { context, build } = timings(name);
  return stage === "context" ? 0 : stage === "build" ? context : context + build;
}

async function removeOldArchives(): Promise<void> {
  const kept = lockedArchives();
  const folder = cacheDir("images");
  if (!existsSync(imageLockFile())) return;
  for (const file of await readdir(folder)) {
    const path = cacheDir("images", file);
    if (file.endsWith(".tar") && !kept.has(path)) await rm(path);
  }
}
