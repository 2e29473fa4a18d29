import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, link, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { jsonOrUndefined } from "@breakwater/runtime/json";
import { z } from "zod";
import { exclusively } from "../exclusive.ts";
import { cacheDir, projectRoot } from "../paths.ts";
import { type Progress, tracked } from "../progress.ts";
import { prepareContext } from "./context.ts";
import { standingOnScratch } from "./dockerfile.ts";
import { folderHash } from "./folder-hash.ts";
import { IMAGE_NAMES, type ImageName } from "./image-name.ts";
import { imageInputsHash } from "./inputs.ts";

/** An image that a builder elsewhere can build: everything that it is made of, in one folder. */
export interface ImageContext {
  readonly name: RegistryImage;
  /** Folder, relative to the Pulumi program's; the same on every machine, so that state does not change with it. */
  readonly context: string;
  /** Hash of everything in it. */
  readonly tag: string;
  /** Hash of what takes long to build: the base, packages and the Dockerfile. */
  readonly cache: string;
  readonly inputsHash: string;
}

type RegistryImage = Exclude<ImageName, "base">;

const NAMES = IMAGE_NAMES.filter((name): name is RegistryImage => name !== "base");

/** Files that the base's Dockerfile takes from its context. */
const BASE_FILES = ["rootfs.tar", "node"] as const;

/** Where the program finds the contexts: npm's own place for what may be made again, which every tool leaves alone. */
const LINK = join("node_modules", ".cache", "breakwater-contexts");

const Lock = z.partialRecord(
  z.enum(NAMES),
  z.strictObject({ context: z.string(), tag: z.string(), cache: z.string(), inputsHash: z.string() }),
);
type Lock = z.output<typeof Lock>;

/** The file that names the prepared contexts: name -> {context, tag, cache, inputsHash}. */
export function contextLockFile(): string {
  return cacheDir("images", "contexts.json");
}

/**
 * Prepares the build contexts of the images for a platform with a registry of its own, those whose inputs changed. Root
 * file system and packages come from where this machine gets them; the builder that takes a context pulls no image.
 *
 * @throws ProblemError `images/missing-tool`, `images/bundle`, `images/npm`, `images/debootstrap`, `images/context`
 */
export async function ensureContexts(progress: Progress): Promise<readonly ImageContext[]> {
  return exclusively(`images:${cacheDir()}`, async () => {
    await linkIntoCheckout();
    const stale = NAMES.filter((name) => currentContext(name) === undefined);
    if (stale.length > 0) await tracked(progress, `${stale.length} build contexts`, () => prepareAll(stale));
    return NAMES.flatMap((name) => currentContext(name) ?? []);
  });
}

function folderOf(name: ImageName, tag: string): string {
  return cacheDir("images", "contexts", `${name}-${tag}`);
}

/** A context that was made of the inputs of this checkout, and is still there. */
function currentContext(name: RegistryImage): ImageContext | undefined {
  const entry = readLock()[name];
  if (entry === undefined || entry.inputsHash !== imageInputsHash(name)) return undefined;
  return existsSync(folderOf(name, entry.tag)) ? { name, ...entry } : undefined;
}

async function prepareAll(names: readonly RegistryImage[]): Promise<void> {
  const base = await prepareBase();
  for (const name of names) {
    const { name: _, ...entry } = await prepareOne(name, base);
    await mkdir(dirname(contextLockFile()), { recursive: true });
    const partial = `${contextLockFile()}.${process.pid}.partial`;
    await writeFile(partial, `${JSON.stringify({ ...readLock(), [name]: entry }, null, 2)}\n`);
    await rename(partial, contextLockFile());
  }
  await removeOld(base);
}

/** Made once for all images; the root file system is taken as it was then until the base's inputs change. */
async function prepareBase(): Promise<string> {
  const folder = folderOf("base", imageInputsHash("base").slice(0, 16));
  if (!existsSync(folder)) await moved("base", folder, (partial) => prepareContext("base", partial));
  return folder;
}

async function prepareOne(name: RegistryImage, base: string): Promise<ImageContext> {
  const partial = await emptyFolder(name);
  await prepareContext(name, partial);
  for (const file of BASE_FILES) await linked(join(base, file), join(partial, file));
  const dockerfile = standingOnScratch(
    readFileSync(join(base, "Dockerfile"), "utf8"),
    readFileSync(join(partial, "Dockerfile"), "utf8"),
  );
  await writeFile(join(partial, "Dockerfile"), dockerfile);
  const tag = (await folderHash(partial)).slice(0, 16);
  const folder = folderOf(name, tag);
  await rm(folder, { recursive: true, force: true });
  await rename(partial, folder);
  const context = join("..", LINK, `${name}-${tag}`);
  return { name, context, tag, cache: await cacheHash(base, dockerfile, folder), inputsHash: imageInputsHash(name) };
}

async function cacheHash(base: string, dockerfile: string, folder: string): Promise<string> {
  const hash = createHash("sha256")
    .update(await folderHash(base))
    .update(dockerfile);
  const lockfile = join(folder, "package-lock.json");
  if (existsSync(lockfile)) hash.update(readFileSync(lockfile));
  return hash.digest("hex").slice(0, 16);
}

async function moved(name: ImageName, folder: string, make: (partial: string) => Promise<void>): Promise<void> {
  const partial = await emptyFolder(name);
  await make(partial);
  await rename(partial, folder);
}

async function emptyFolder(name: ImageName): Promise<string> {
  const partial = cacheDir("images", "contexts", `.${name}.partial`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  return partial;
}

/** A link where the file system has them: the root file system is 100 MB, seven times. */
async function linked(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== "EXDEV" && error.code !== "EPERM") throw error;
    await copyFile(from, to);
  });
}

async function linkIntoCheckout(): Promise<void> {
  const target = cacheDir("images", "contexts");
  const place = join(projectRoot, LINK);
  await mkdir(target, { recursive: true });
  await mkdir(dirname(place), { recursive: true });
  await rm(place, { force: true });
  await symlink(target, place);
}

async function removeOld(base: string): Promise<void> {
  const kept = new Set([
    base,
    ...Object.entries(readLock()).map(([name, { tag }]) => folderOf(name as ImageName, tag)),
  ]);
  for (const name of await readdir(cacheDir("images", "contexts"))) {
    const folder = cacheDir("images", "contexts", name);
    if (!kept.has(folder)) await rm(folder, { recursive: true });
  }
}

/** A lock that cannot be read is as good as none: everything in it can be made again. */
function readLock(): Lock {
  if (!existsSync(contextLockFile())) return {};
  const parsed = Lock.safeParse(jsonOrUndefined(readFileSync(contextLockFile(), "utf8")));
  return parsed.success ? parsed.data : {};
}
