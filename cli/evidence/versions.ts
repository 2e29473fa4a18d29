import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../tools/paths.ts";
import { type Bundle, bundleOf } from "../bundle/bundle.ts";
import type { PlannedResource } from "../plan/recorder.ts";
import { sha256Of } from "./manifest.ts";

/** What an environment is built from and runs, each at its version. */
export interface Versions extends Pick<Bundle, "images" | "charts" | "models" | "binaries"> {
  readonly breakwater: string;
  /** SHA-256 of package-lock.json, which pins every package below ours. */
  readonly packageLock: string;
  /** What the root and its workspaces depend on by name, as locked. */
  readonly packages: Readonly<Record<string, string>>;
}

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      link: z.boolean().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

/** Versions from the lockfile and the plan. An image that is not built yet has no digest, and says so. */
export function versionsOf(environment: string, resources: readonly PlannedResource[]): Versions {
  const text = readFileSync(join(projectRoot, "package-lock.json"), "utf8");
  const { images, charts, models, binaries } = bundleOf(environment, resources);
  const { packages } = lockFile.parse(JSON.parse(text));
  const ours = Object.entries(packages).filter(([path]) => !path.includes("node_modules/"));
  const names = new Set(ours.flatMap(([, { dependencies }]) => Object.keys(dependencies ?? {})));
  const versions = [...names].sort().flatMap((name) => {
    const { version } = packages[`node_modules/${name}`] ?? {};
    return version === undefined ? [] : [[name, version] as const];
  });
  return {
    breakwater: packages[""]?.version ?? "",
    packageLock: sha256Of(text),
    packages: Object.fromEntries(versions),
    images,
    charts,
    models,
    binaries,
  };
}
