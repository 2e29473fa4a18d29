import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "./command.ts";
import { debianSources, readAptSources, SUITE } from "./debian-sources.ts";

/** What makes the base's root file system; part of the base's identity. */
export const MMDEBSTRAP_OPTIONS = [
  "--variant=minbase",
  // libatomic1: Node needs it. ca-certificates: for whoever talks TLS.
  "--include=ca-certificates,libatomic1",
  "--dpkgopt=path-exclude=/usr/share/doc/*",
  "--dpkgopt=path-include=/usr/share/doc/*/copyright",
  "--dpkgopt=path-exclude=/usr/share/man/*",
  "--dpkgopt=path-exclude=/usr/share/locale/*",
  SUITE,
] as const;

/** Writes a Debian root file system as a tar to `folder/rootfs.tar`. @throws ProblemError `images/debootstrap` */
export async function debootstrap(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const sources = join(folder, "debian.sources");
  await writeFile(sources, debianSources(readAptSources()));
  await runCommand({
    program: "mmdebstrap",
    args: ["--quiet", ...MMDEBSTRAP_OPTIONS, join(folder, "rootfs.tar"), sources],
    environment: { SOURCE_DATE_EPOCH: "0" },
    code: "images/debootstrap",
  });
}
