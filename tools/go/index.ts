import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { exclusively } from "../exclusive.ts";
import { cacheDir } from "../paths.ts";
import type { Progress } from "../progress.ts";
import { binaryPath, build, sweep } from "./build.ts";
import { type GoTool, type GoToolName, goTools } from "./catalogue.ts";
import { duration, type Finished, pace, secondsLeft, shareDone } from "./pace.ts";
import { findToolchain, type Toolchain } from "./toolchain.ts";

export type { GoTool, GoToolName } from "./catalogue.ts";

/** Where else a tool may come from. */
export interface EnsureOptions {
  /** Tools whose version does not matter to the caller: the one on PATH is taken when there is one. */
  readonly fromPath?: readonly GoToolName[];
}

/**
 * The paths of the named programs, building from their pinned modules what is in neither the cache nor, where allowed, on
 * PATH. One build runs at a time on a machine; another caller waits and finds the result.
 * @throws ProblemError `go/missing`, `go/too-old`, `go/failed`, `go/patch`
 */
export async function ensureGoTools<Name extends GoToolName>(
  names: readonly Name[],
  progress: Progress,
  options: EnsureOptions = {},
): Promise<Readonly<Record<Name, string>>> {
  const found = await findOnPath(names.filter((name) => options.fromPath?.includes(name)));
  const wanted = goTools.filter((tool) => (names as readonly string[]).includes(tool.name) && !found.has(tool.name));
  if (wanted.length > 0) {
    const go = await findToolchain();
    const paths = new Map(
      await Promise.all(wanted.map(async (tool) => [tool.name, await binaryPath(tool, go.version)] as const)),
    );
    if ((await missing(wanted, paths)).length > 0) await buildMissing(wanted, paths, go, progress);
    for (const [name, path] of paths) found.set(name, path);
  }
  return Object.fromEntries(found) as Record<Name, string>;
}

async function findOnPath(names: readonly GoToolName[]): Promise<Map<GoToolName, string>> {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = new Map<GoToolName, string>();
  for (const name of names) {
    for (const folder of folders) {
      if (!found.has(name) && (await executable(join(folder, name)))) found.set(name, join(folder, name));
    }
  }
  return found;
}

function executable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function missing(tools: readonly GoTool[], paths: ReadonlyMap<string, string>): Promise<readonly GoTool[]> {
  const present = await Promise.all(tools.map((tool) => executable(paths.get(tool.name) ?? "")));
  return tools.filter((_, index) => !present[index]);
}

async function buildMissing(
  wanted: readonly GoTool[],
  paths: ReadonlyMap<string, string>,
  go: Toolchain,
  progress: Progress,
): Promise<void> {
  const waiting = { task: undefined as ReturnType<Progress["start"]> | undefined };
  await exclusively(
    `go-build:${cacheDir()}`,
    async () => {
      waiting.task?.done();
      await sweep();
      const tools = await missing(wanted, paths);
      const finished: Finished[] = [];
      for (const [index, tool] of tools.entries()) {
        finished.push(await buildOne(tool, paths.get(tool.name) ?? "", go, progress, finished, tools.slice(index + 1)));
      }
    },
    ({ holder }) => {
      waiting.task ??= progress.start(`Waiting for the build of process ${holder}`);
    },
  );
}

async function buildOne(
  tool: GoTool,
  path: string,
  go: Toolchain,
  progress: Progress,
  finished: readonly Finished[],
  later: readonly GoTool[],
): Promise<Finished> {
  const task = progress.start(`Building ${tool.name}`);
  const startedMs = performance.now();
  const elapsedSeconds = (): number => (performance.now() - startedMs) / 1000;
  const report = (): void => {
    const running = { expectedSeconds: tool.seconds, elapsedSeconds: elapsedSeconds() };
    const left = secondsLeft(
      finished,
      running,
      later.map(({ seconds }) => seconds),
    );
    const others = later.length === 0 ? "" : `, ${later.length} more to build`;
    const time = left === undefined ? "longer than expected" : `about ${duration(left)} left`;
    task.update(shareDone(tool.seconds, running.elapsedSeconds, pace(finished)), `${time}${others}`);
  };
  report();
  const timer = setInterval(report, 1000);
  try {
    await build(tool, go, path);
  } catch (error) {
    task.fail(error instanceof Error ? (error.message.split("\n")[0] ?? "failed") : String(error));
    throw error;
  } finally {
    clearInterval(timer);
  }
  task.done(duration(elapsedSeconds()));
  return { expectedSeconds: tool.seconds, tookSeconds: elapsedSeconds() };
}
