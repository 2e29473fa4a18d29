import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../paths.ts";
import { bundleGuard, bundleService } from "./bundle.ts";
import { MMDEBSTRAP_OPTIONS } from "./debootstrap.ts";
import { type ImageName, SERVICE_NAMES, type ServiceName } from "./image-name.ts";

/** Raised when the builder itself changes what comes out of the same files. */
const BUILDER_VERSION = "2";

/** One file of an image's build context that comes from this checkout. */
export interface ContextFile {
  /** Path in the build context. */
  readonly path: string;
  readonly content: Uint8Array;
}

/**
 * What an image is made of, as far as this checkout decides it: the Dockerfile and everything it copies, bundles in the
 * place of their sources. Packages (npm, Debian) are pinned by the lockfile and by the release, and are fetched later.
 *
 * @throws ProblemError `images/bundle`
 */
export function contextFiles(name: ImageName): readonly ContextFile[] {
  if (isService(name)) {
    return [
      source("runtime/base/service.Dockerfile", "Dockerfile"),
      { path: "main.cjs", content: bundleService(name) },
    ];
  }
  if (name === "base") return ["Dockerfile", ...NPM_FILES].map((file) => source(`runtime/base/${file}`, file));
  if (name === "sandbox") {
    return ["Dockerfile", "run-command", "sshd_config", "start-sandbox", "timekeeper"].map((file) =>
      source(`runtime/sandbox/${file}`, file),
    );
  }
  if (name === "vault") return [source("runtime/vault/Dockerfile", "Dockerfile")];
  if (name === "postgres") {
    return ["Dockerfile", "pg_ident.conf", "postgresql.conf", "roles.sql", "start-postgres"].map((file) =>
      source(`runtime/postgres/${file}`, file),
    );
  }
  return [
    ...["Dockerfile", "start-cell", ...NPM_FILES].map((file) => source(`runtime/cell/${file}`, file)),
    ...["openclaw.plugin.json", "package.json"].map((file) =>
      source(`runtime/cell/plugins/cell-guard/${file}`, `cell-guard/${file}`),
    ),
    { path: "cell-guard/index.mjs", content: bundleGuard() },
    ...skillFiles(),
  ];
}

/** Files that npm reads; an image with them gets a `node_modules`. */
export const NPM_FILES = ["package.json", "package-lock.json", ".npmrc"] as const;

/**
 * Identity of an image's inputs: the same hash, the same image. Changes with every file of {@link contextFiles}, with the
 * base and with the builder.
 */
export function imageInputsHash(name: ImageName): string {
  const hash = createHash("sha256").update(`${BUILDER_VERSION}\n${name}\n`);
  if (name === "base") hash.update(JSON.stringify(MMDEBSTRAP_OPTIONS));
  else hash.update(imageInputsHash("base"));
  for (const { path, content } of contextFiles(name)) hash.update(`\n${path}\n${content.length}\n`).update(content);
  return hash.digest("hex");
}

export function isService(name: ImageName): name is ServiceName {
  return (SERVICE_NAMES as readonly string[]).includes(name);
}

function skillFiles(): readonly ContextFile[] {
  return readdirSync(join(projectRoot, "runtime/cell/skills"))
    .sort()
    .map((skill) => source(`runtime/cell/skills/${skill}/SKILL.md`, `skills/${skill}/SKILL.md`));
}

function source(file: string, path: string): ContextFile {
  return { path, content: readFileSync(join(projectRoot, file)) };
}
