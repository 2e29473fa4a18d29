import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, posix } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { type TarEntry, tarArchive } from "./tar.ts";

/** One file of an image that has no base: where it lies in the image, where it comes from. */
export interface ScratchFile {
  /** Absolute path in the image. */
  readonly path: string;
  /** Path on this machine. */
  readonly source: string;
  readonly mode: number;
}

/** What an image of static binaries (pause, coredns) is made of. */
export interface ScratchImageArgs {
  /** `docker.io/<repository>/<name>:<tag>`. */
  readonly reference: string;
  readonly files: readonly ScratchFile[];
  readonly entrypoint: readonly string[];
  /** Where the archive goes; replaced in one step. */
  readonly out: string;
}

/**
 * Writes a docker archive (what `ctr images import` reads) without any image tool. The same inputs give the same
 * bytes: times are zero, owners are root, entries are sorted.
 *
 * @throws ProblemError `images/scratch` for a path that is not absolute or climbs.
 */
export async function writeScratchImage(args: ScratchImageArgs): Promise<void> {
  const files = [];
  for (const file of args.files) files.push({ ...file, content: await readFile(file.source) });
  const archive = scratchArchive(args.reference, files, args.entrypoint);
  await mkdir(dirname(args.out), { recursive: true });
  const partial = `${args.out}.${process.pid}.partial`;
  await writeFile(partial, archive);
  await rename(partial, args.out);
}

/** The bytes of the archive, from contents already read. */
export function scratchArchive(
  reference: string,
  files: readonly { readonly path: string; readonly mode: number; readonly content: Buffer }[],
  entrypoint: readonly string[],
): Buffer {
  const layer = tarArchive(layerEntries(files));
  const layerDigest = sha256(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      created: "1970-01-01T00:00:00Z",
      config: { Entrypoint: entrypoint },
      rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
    }),
  );
  const configName = `${sha256(config)}.json`;
  const layerName = `${layerDigest}.tar`;
  const manifest = Buffer.from(JSON.stringify([{ Config: configName, RepoTags: [reference], Layers: [layerName] }]));
  return tarArchive([
    { path: configName, mode: 0o644, content: config },
    { path: layerName, mode: 0o644, content: layer },
    { path: "manifest.json", mode: 0o644, content: manifest },
  ]);
}

function layerEntries(
  files: readonly { readonly path: string; readonly mode: number; readonly content: Buffer }[],
): readonly TarEntry[] {
  const folders = new Set<string>();
  for (const { path } of files) {
    if (!path.startsWith("/") || posix.normalize(path) !== path || path.endsWith("/")) {
      refuse({
        code: "images/scratch",
        path: "files[].path",
        got: path,
        expected: "an absolute path without . or ..",
        remedy: "write the path as it is to appear in the image",
      });
    }
    for (let folder = posix.dirname(path); folder !== "/"; folder = posix.dirname(folder)) folders.add(folder);
  }
  const entries: TarEntry[] = [
    ...[...folders].map((path) => ({ path: path.slice(1), mode: 0o755 })),
    ...files.map(({ path, mode, content }) => ({ path: path.slice(1), mode, content })),
  ];
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function sha256(data: Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}
