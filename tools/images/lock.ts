import { existsSync, readFileSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { jsonOrUndefined } from "@breakwater/runtime/json";
import { z } from "zod";
import { cacheDir } from "../paths.ts";
import { IMAGE_NAMES, type ImageName } from "./image-name.ts";
import { imageInputsHash } from "./inputs.ts";

/** An image as it lies in the cache. */
export interface BuiltImage {
  readonly name: ImageName;
  /** `docker.io/breakwater/<name>@sha256:<manifest digest>`, what pods refer to. */
  readonly reference: string;
  /** Path of the OCI archive. */
  readonly archive: string;
  readonly inputsHash: string;
}

const Lock = z.partialRecord(
  z.enum(IMAGE_NAMES),
  z.strictObject({ reference: z.string(), archive: z.string(), inputsHash: z.string() }),
);
type Lock = z.output<typeof Lock>;

/** The file that says which digest each image has: name -> {reference, archive, inputsHash}. */
export function imageLockFile(): string {
  return cacheDir("images", "lock.json");
}

/** One image, when the cache holds it built from the inputs of this checkout. @throws ProblemError `images/bundle` */
export function currentImage(name: ImageName): BuiltImage | undefined {
  const entry = readLock()[name];
  if (entry === undefined || !existsSync(entry.archive) || entry.inputsHash !== imageInputsHash(name)) return undefined;
  return { name, ...entry };
}

/** Enters a built image, replacing the file in one step. */
export async function enterImage({ name, ...entry }: BuiltImage): Promise<void> {
  const file = imageLockFile();
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, `${JSON.stringify({ ...readLock(), [name]: entry }, null, 2)}\n`);
  await rename(partial, file);
}

/** Archives that the lock still refers to. */
export function lockedArchives(): ReadonlySet<string> {
  return new Set(Object.values(readLock()).map(({ archive }) => archive));
}

/** A lock that cannot be read is as good as none: everything in it can be built again. */
function readLock(): Lock {
  if (!existsSync(imageLockFile())) return {};
  const parsed = Lock.safeParse(jsonOrUndefined(readFileSync(imageLockFile(), "utf8")));
  return parsed.success ? parsed.data : {};
}
