import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { refuse } from "@breakwater/runtime/problems";
import { writeScratchImage } from "../../images/scratch.ts";
import { command } from "./command.ts";
import { nodeDir, paths } from "./layout.ts";

/** The node's image store, through containerd's own client. */
export class NodeImages {
  readonly #ctr: string;

  constructor(ctr: string) {
    this.#ctr = ctr;
  }

  /** Whether the kubelet finds the image and its content is complete. */
  async has(reference: string): Promise<boolean> {
    const listed = await this.#run(["images", "check", "--quiet", `name==${reference}`]);
    return listed.code === 0 && listed.stdout.split("\n").includes(reference);
  }

  /** Brings an archive in under `reference`. @throws ProblemError `cluster/image-import`, `cluster/image-digest` */
  async import(archive: string, reference: string): Promise<void> {
    const before = await this.#digests();
    const names = ["--base-name", reference.replace(/[@:][^/]*$/, ""), "--digests"];
    const imported = await this.#run(["images", "import", ...names, archive]);
    if (imported.code !== 0) {
      refuse({
        code: "cluster/image-import",
        path: archive,
        got: imported.stderr.trim().split("\n").at(-1) ?? "no message",
        expected: "an image archive that containerd accepts",
        remedy: "build the image again, and look at the disk space",
      });
    }
    const after = await this.#digests();
    if (after.has(reference)) return;
    const wanted = reference.split("@")[1];
    const fresh = [...after].filter(([name, digest]) => before.get(name) !== digest);
    const source = [...after].find(([, digest]) => digest === wanted) ?? (wanted === undefined ? fresh[0] : undefined);
    if (source === undefined) {
      refuse({
        code: "cluster/image-digest",
        path: archive,
        got: fresh.map(([, digest]) => digest).join(", ") || "no image of that name",
        expected: reference,
        remedy: "build the image again; a pod must run exactly what was built",
      });
    }
    const tagged = await this.#run(["images", "tag", "--force", source[0], reference]);
    if (tagged.code !== 0) throw new Error(`ctr images tag ${reference}: ${tagged.stderr.trim()}`);
  }

  async #digests(): Promise<Map<string, string>> {
    const listed = await this.#run(["images", "list"]);
    if (listed.code !== 0) throw new Error(`ctr images list: ${listed.stderr.trim()}`);
    const rows = listed.stdout
      .split("\n")
      .slice(1)
      .map((line) => line.split(/\s+/));
    return new Map(rows.flatMap(([name, , digest]) => (name && digest ? [[name, digest] as const] : [])));
  }

  #run(args: readonly string[]): ReturnType<typeof command> {
    return command([this.#ctr, "--address", paths.containerdSocket(), "--namespace", "k8s.io", ...args]);
  }
}

/** An image that holds one static program; its tag says which build of it. */
export interface ProgramImage {
  readonly reference: string;
  readonly source: string;
}

export async function programImage(name: string, source: string): Promise<ProgramImage> {
  const hash = createHash("sha256")
    .update(await readFile(source))
    .digest("hex")
    .slice(0, 16);
  return { reference: `docker.io/breakwater/${name}:${hash}`, source };
}

/** Puts a program's image into the node unless it is there. */
export async function ensureProgramImage(images: NodeImages, image: ProgramImage): Promise<void> {
  if (await images.has(image.reference)) return;
  const name = /([^/:]+):[^:]+$/.exec(image.reference)?.[1] ?? "program";
  const out = nodeDir("images", `${name}.tar`);
  const files = [{ path: `/${name}`, source: image.source, mode: 0o755 }];
  await writeScratchImage({ reference: image.reference, files, entrypoint: [`/${name}`], out });
  await images.import(out, image.reference);
}
