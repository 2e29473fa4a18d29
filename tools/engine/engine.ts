import { execFile } from "node:child_process";
import { access, constants, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ensureGoTools } from "../go/index.ts";
import { projectRoot } from "../paths.ts";
import type { Progress } from "../progress.ts";
import { pulumiHome } from "./environment.ts";
import { acceptsPulumi, OLDEST_PULUMI } from "./version.ts";

/** The provider that `@pulumi/kubernetes` 4.25.0 asks for. */
const KUBERNETES_PROVIDER_VERSION = "4.25.0";

const KUBERNETES_PROVIDER = "pulumi-resource-kubernetes";

/** Our language host and provider, found by Pulumi by their names. */
export const ENGINE_BIN: string = join(projectRoot, "tools", "engine", "bin");

/** A Pulumi that can run our program, and how we came by it. */
export interface Engine {
  /** The `pulumi` program. */
  readonly pulumi: string;
  /** Goes in front of PATH: `pulumi` and our plugins. */
  readonly binFolders: readonly string[];
  readonly source: "path" | "built";
  /** One sentence for the person who asks where this came from. */
  readonly why: string;
}

/**
 * Finds `pulumi` and the Kubernetes provider on this machine, and builds what is not there from pinned Go modules.
 * @throws ProblemError `go/...` when something must be built and cannot be
 */
export async function ensureEngine(progress: Progress): Promise<Engine> {
  const cli = await findPulumi();
  const provider = await findProvider();
  const built = await ensureGoTools(
    [
      ...(cli.path === undefined ? (["pulumi"] as const) : []),
      ...(provider.path === undefined ? ([KUBERNETES_PROVIDER] as const) : []),
    ],
    progress,
  );
  const pulumi = cli.path ?? pathOf(built, "pulumi");
  await linkProvider(provider.path ?? pathOf(built, KUBERNETES_PROVIDER));
  return {
    pulumi,
    binFolders: [ENGINE_BIN, dirname(pulumi)],
    source: cli.path === undefined || provider.path === undefined ? "built" : "path",
    why: `pulumi ${cli.why}; Kubernetes provider ${provider.why}`,
  };
}

interface Found {
  readonly path?: string;
  readonly why: string;
}

async function findPulumi(): Promise<Found> {
  const path = await onPath("pulumi");
  if (path === undefined) return { why: "was built: none on PATH" };
  const { stdout } = await promisify(execFile)(path, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  }).catch((error: Error) => ({ stdout: `unreadable (${error.message.split("\n")[0]})` }));
  const version = stdout.trim() || "unknown";
  return acceptsPulumi(version)
    ? { path, why: `${version} found at ${path}` }
    : { why: `was built: the one at ${path} is version ${version}, older than ${OLDEST_PULUMI} or not a release` };
}

async function findProvider(): Promise<Found> {
  const installed = join(
    process.env["PULUMI_HOME"] || join(homedir(), ".pulumi"),
    "plugins",
    `resource-kubernetes-v${KUBERNETES_PROVIDER_VERSION}`,
    KUBERNETES_PROVIDER,
  );
  if (await executable(installed))
    return { path: installed, why: `${KUBERNETES_PROVIDER_VERSION} found at ${installed}` };
  const path = await onPath(KUBERNETES_PROVIDER);
  return path === undefined
    ? { why: `was built: none on PATH and no ${KUBERNETES_PROVIDER_VERSION} among Pulumi's plugins` }
    : { path, why: `found at ${path}` };
}

/** Puts the provider where Pulumi looks for installed plugins; on PATH it would warn about it at every run. */
async function linkProvider(target: string): Promise<void> {
  const folder = join(pulumiHome(), "plugins", `resource-kubernetes-v${KUBERNETES_PROVIDER_VERSION}`);
  const link = join(folder, KUBERNETES_PROVIDER);
  if (link === target) return;
  await mkdir(folder, { recursive: true });
  if ((await readlink(link).catch(() => undefined)) === target) return;
  await rm(link, { force: true });
  await symlink(target, link);
}

function pathOf(built: Readonly<Record<string, string>>, name: string): string {
  const path = built[name];
  if (path === undefined) throw new Error(`the build of ${name} returned no path`);
  return path;
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== "" && (await executable(candidate))) return candidate;
  }
  return undefined;
}

function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
