import { cacheDir } from "../paths.ts";
import { runCommand } from "./command.ts";

/** A buildah whose storage lies in our cache, so that no image of the user's is seen or touched. */
export interface Buildah {
  /** Builds `context/Dockerfile` into the storage under `tag`. @throws ProblemError `images/build` */
  build(tag: string, context: string, base: string | undefined): Promise<void>;
  /**
   * Writes the image as a folder: `manifest.json` (OCI) and every blob under its hex digest. Layers stay uncompressed, so
   * that digests do not depend on a version of gzip. @throws ProblemError `images/build`
   */
  writeFolder(tag: string, folder: string): Promise<void>;
  has(tag: string): Promise<boolean>;
  remove(tag: string): Promise<void>;
}

/** Overlay storage where the file system allows it, else vfs, which copies every layer. @throws ProblemError `images/missing-tool` */
export async function findBuildah(): Promise<Buildah> {
  const overlay = storage("overlay");
  const driver = await runCommand({ program: "buildah", args: [...overlay, "info"], code: "images/storage" }).then(
    () => overlay,
    (error: Error) => (error.message.startsWith("[images/storage]") ? storage("vfs") : Promise.reject(error)),
  );
  const run = (...args: string[]): Promise<string> =>
    runCommand({ program: "buildah", args: [...driver, ...args], code: "images/build" });
  return {
    build: async (tag, context, base) => {
      const from = base === undefined ? [] : ["--build-arg", `BASE=${base}`];
      // Time 0 and one layer per build: the digest follows from the content alone.
      const identity = ["--timestamp", "0", "--layers=false", "--format", "oci"];
      await run("bud", "--isolation", "chroot", "--pull-never", ...identity, ...from, "--tag", tag, context);
    },
    writeFolder: async (tag, folder) => {
      await run("push", "--quiet", "--disable-compression", "--format", "oci", tag, `dir:${folder}`);
    },
    has: async (tag) => (await run("images", "--quiet", "--filter", `reference=${tag}`)).trim() !== "",
    remove: async (tag) => {
      await run("rmi", tag);
    },
  };
}

function storage(driver: "overlay" | "vfs"): readonly string[] {
  const folder = (part: string): string => cacheDir("images", "storage", `${driver}-${part}`);
  return ["--root", folder("root"), "--runroot", folder("run"), "--storage-driver", driver];
}
