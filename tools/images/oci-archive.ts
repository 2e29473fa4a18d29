import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonOrUndefined } from "@breakwater/runtime/json";
import { refuse } from "@breakwater/runtime/problems";
import { z } from "zod";
import { runCommand } from "./command.ts";

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

const Descriptor = z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) });
const Manifest = z.object({
  schemaVersion: z.literal(2),
  mediaType: z.literal(MANIFEST_TYPE),
  config: Descriptor,
  layers: z.array(Descriptor).min(1),
});

/** What makes a manifest into an OCI layout of one image. */
export interface Layout {
  /** `<repository>@sha256:<manifest digest>`. */
  readonly reference: string;
  /** Hex digest of the manifest. */
  readonly manifest: string;
  /** Hex digests of config and layers. */
  readonly blobs: readonly string[];
  readonly index: object;
}

/** Reads a manifest; the index carries the name under which containerd files the image. @throws ProblemError `images/manifest` */
export function layoutOf(manifest: Buffer, repository: string): Layout {
  const parsed = Manifest.safeParse(jsonOrUndefined(manifest.toString()));
  if (!parsed.success) {
    return refuse({
      code: "images/manifest",
      path: "manifest.json",
      got: z.prettifyError(parsed.error).replaceAll("\n", " "),
      expected: "an OCI image manifest with at least one layer",
      remedy: "delete the cache folder `images` and build again",
    });
  }
  const hex = createHash("sha256").update(manifest).digest("hex");
  const reference = `${repository}@sha256:${hex}`;
  const annotations = { "io.containerd.image.name": reference };
  const descriptor = { mediaType: MANIFEST_TYPE, digest: `sha256:${hex}`, size: manifest.length, annotations };
  const blobs = [parsed.data.config, ...parsed.data.layers].map(({ digest }) => digest.slice("sha256:".length));
  return { reference, manifest: hex, blobs: [...new Set(blobs)], index: { schemaVersion: 2, manifests: [descriptor] } };
}

/**
 * Packs a folder with `manifest.json` and blobs named by their digests into an OCI archive, and answers the image's
 * reference. The folder is consumed.
 *
 * @throws ProblemError `images/manifest`, `images/archive`
 */
export async function packArchive(folder: string, repository: string, archive: string): Promise<string> {
  const manifest = await readFile(join(folder, "manifest.json"));
  const layout = layoutOf(manifest, repository);
  const blobs = join(folder, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  for (const blob of layout.blobs) await rename(join(folder, blob), join(blobs, blob));
  await writeFile(join(blobs, layout.manifest), manifest);
  await writeFile(join(folder, "index.json"), JSON.stringify(layout.index));
  await writeFile(join(folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const partial = `${archive}.partial`;
  const identity = ["--format=ustar", "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const args = ["--create", "--file", partial, ...identity, "--mode=u=rwX,go=rX", "--directory", folder];
  await runCommand({ program: "tar", args: [...args, "oci-layout", "index.json", "blobs"], code: "images/archive" });
  await rm(folder, { recursive: true });
  await rename(partial, archive);
  return layout.reference;
}
