import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../tools/paths.ts";
import type { PlannedResource } from "../plan/recorder.ts";
import { type BundledImage, OWN_IMAGES } from "./images.ts";
import { objectsIn, textAt } from "./walk.ts";

/** Something that comes inside something else. */
export interface Carried {
  readonly name: string;
  readonly version: string;
  /** What brings it. */
  readonly with: string;
}

/** The packages inside those of our images that a plan uses, and the programs that its nodes need. */
export function carriedBy(
  environment: string,
  plan: readonly PlannedResource[],
  images: readonly BundledImage[],
): { readonly packages: readonly Carried[]; readonly binaries: readonly Carried[] } {
  const used = OWN_IMAGES.filter((own) => images.some(({ reference }) => pathOf(reference).endsWith(`/${own}`)));
  return { packages: packagesOf(used), binaries: runsGvisor(plan) ? gvisor(environment) : [] };
}

/** A reference without its tag and digest. */
function pathOf(reference: string): string {
  return reference.replace(/@.*$/, "").replace(/:[^/]*$/, "");
}

function packagesOf(used: readonly string[]): readonly Carried[] {
  if (used.length === 0) return [];
  const services = used.filter((name) => !["cell", "sandbox", "postgres"].includes(name));
  return [
    ...lockedPackages("runtime/base", `every image of ours: ${used.join(", ")}`),
    ...(used.includes("cell") ? [...lockedPackages("runtime/cell", "cell"), plugin("cell-guard")] : []),
    ...(services.length === 0 ? [] : [ownCode(services)]),
  ];
}

interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What a folder depends on by name, and how many packages its lockfile pins with their hashes. */
function lockedPackages(folder: string, image: string): readonly Carried[] {
  const { dependencies = {} } = json<Manifest>(`${folder}/package.json`);
  const count = Object.keys(json<{ packages: object }>(`${folder}/package-lock.json`).packages).length - 1;
  const locked = `${image}; ${count} pinned by ${folder}/package-lock.json`;
  return Object.entries(dependencies).map(([name, version]) => ({ name, version, with: locked }));
}

function plugin(name: string): Carried {
  const { version = "" } = json<Manifest>(`runtime/cell/plugins/${name}/package.json`);
  return { name, version, with: "cell; an OpenClaw plugin of this repository" };
}

function ownCode(services: readonly string[]): Carried {
  const { name, version = "" } = json<Manifest>("package.json");
  return { name, version, with: `${services.join(", ")}; bundled from this repository by its package-lock.json` };
}

function json<T>(file: string): T {
  return JSON.parse(readFileSync(join(projectRoot, file), "utf8")) as T;
}

/** Whether a sandbox runs under gVisor, which no node has of itself. */
function runsGvisor(plan: readonly PlannedResource[]): boolean {
  return plan.some(({ inputs }) =>
    objectsIn(inputs).some(
      (fields) => textAt(fields, "runtimeClassName") === "gvisor" || fields["handler"] === "runsc",
    ),
  );
}

function gvisor(environment: string): readonly Carried[] {
  const built = /\bgvisor\.dev\/gvisor (v\S+)/.exec(readFileSync(join(projectRoot, "tools/go/gvisor/go.mod"), "utf8"));
  const [version, brings] =
    environment === "local"
      ? [built?.[1] ?? "", "the local node; built from its Go module"]
      : ["as pinned by its SHA-512", "nodes of sandboxes; from the environment's own artifacts"];
  return ["runsc", "containerd-shim-runsc-v1"].map((name) => ({ name, version, with: brings }));
}
