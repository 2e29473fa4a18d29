import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Problem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { projectRoot } from "../paths.ts";
import { type Progress, tracked } from "../progress.ts";
import type { Engine } from "./engine.ts";
import { parseEvent } from "./events.ts";
import { type PulumiEnd, runPulumi } from "./process.ts";
import { keepingStackConfig } from "./stack-config.ts";
import {
  hasStack,
  judgeLock,
  objectsToAdopt,
  type PendingOperation,
  pendingOperations,
  readLocks,
  resourceCount,
} from "./stack-state.ts";
import { RunRecorder, type RunSummary } from "./summary.ts";

/** One stack, the engine that drives it and the person who waits. */
export interface StackRun {
  readonly stack: string;
  readonly engine: Pick<Engine, "pulumi">;
  /** From `engineEnvironment`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly progress: Progress;
  /** Aborting it stops the run after the operations under way. */
  readonly signal?: AbortSignal;
  /** Policy packs that must pass. @default none */
  readonly policyPacks?: readonly string[];
  /** Where the program lies; its name and stack files follow from Pulumi.yaml. @default this checkout */
  readonly project?: { readonly folder: string; readonly name: string; readonly stackConfigFolder: string };
}

const OWN_PROJECT = { folder: projectRoot, name: "breakwater", stackConfigFolder: join(projectRoot, "stacks") };

/** Makes the stack when it is new and frees it from the lock of a killed run; `prepareEnvironment` comes before. */
export async function selectStack(run: StackRun): Promise<void> {
  await freeLock(run);
  const backend = backendFolder(run);
  if (backend !== undefined && (await hasStack(backend, projectOf(run).name, run.stack))) return;
  await plain(run, ["stack", "select", "--create", run.stack], "engine/select");
}

/**
 * Shows what `up` would do; changes nothing.
 *
 * @internal no command calls it, because `plan` needs no engine; the tests drive the real engine with it.
 */
export async function preview(run: StackRun): Promise<RunSummary> {
  await selectStack(run);
  return streamed(run, "planning", ["preview", ...packs(run)]);
}

/** Deploys. Operations that a killed run left open are settled with the cluster first. */
export async function up(run: StackRun): Promise<RunSummary> {
  await settlePending(run);
  return streamed(run, "deploying", ["up", "--yes", "--skip-preview", ...packs(run)]);
}

/** Removes everything that the stack deployed. */
export async function destroy(run: StackRun): Promise<RunSummary> {
  await settlePending(run);
  return streamed(run, "removing", ["destroy", "--yes", "--skip-preview"]);
}

/** Takes out of the state what the cluster does not have; a state of nothing is left alone. */
export async function forgetWhatIsGone(run: StackRun): Promise<void> {
  const backend = backendFolder(run);
  const project = projectOf(run).name;
  if (backend !== undefined && (await resourceCount(backend, project, run.stack)) === 0) return;
  await refresh(run, backend === undefined ? [] : await pendingOperations(backend, project, run.stack));
}

/** Brings the state in line with the cluster: what a killed run has made after all is taken over, the rest is forgotten. */
function refresh(run: StackRun, pending: readonly PendingOperation[]): Promise<RunSummary> {
  const adopt = objectsToAdopt(pending).flatMap(({ urn, id }) => [
    "--import-pending-creates",
    urn,
    "--import-pending-creates",
    id,
  ]);
  const args = ["refresh", "--yes", "--skip-preview", ...adopt, "--clear-pending-creates"];
  return streamed(run, "comparing with the cluster", args);
}

function packs(run: StackRun): readonly string[] {
  return (run.policyPacks ?? []).flatMap((pack) => ["--policy-pack", pack]);
}

async function settlePending(run: StackRun): Promise<void> {
  await selectStack(run);
  const backend = backendFolder(run);
  if (backend === undefined) return;
  const pending = await pendingOperations(backend, projectOf(run).name, run.stack);
  if (pending.length > 0) await refresh(run, pending);
}

/** Removes a lock whose owner on this machine is gone; refuses while somebody else may be at work. */
async function freeLock(run: StackRun): Promise<void> {
  const backend = backendFolder(run);
  if (backend === undefined) return;
  const locks = await readLocks(backend, projectOf(run).name, run.stack);
  if (locks.length === 0) return;
  const world = { hostname: hostname(), programOf };
  for (const lock of locks) {
    if ((await judgeLock(lock, world)) === "stale") continue;
    refuse({
      code: "engine/locked",
      path: `stack ${run.stack}`,
      got: `a run of ${lock.username} on ${lock.hostname}, process ${lock.pid}, since ${lock.timestamp}`,
      expected: "no other run",
      remedy: "wait for it to end; if that machine is gone, run `pulumi cancel` with the printed environment",
    });
  }
  await plain(run, ["cancel", "--yes", "--stack", run.stack], "engine/cancel");
}

async function programOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/comm`, "utf8")).trim();
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** Folder of a file backend; other backends mind their own locks. */
function backendFolder(run: StackRun): string | undefined {
  const url = run.variables["PULUMI_BACKEND_URL"] ?? "";
  return url.startsWith("file://") ? fileURLToPath(url) : undefined;
}

function projectOf(run: StackRun): NonNullable<StackRun["project"]> {
  return run.project ?? OWN_PROJECT;
}

function streamed(run: StackRun, doing: string, args: readonly string[]): Promise<RunSummary> {
  return tracked(
    run.progress,
    `${doing} ${run.stack}`,
    async (task) => {
      const recorder = new RunRecorder(run.progress);
      const onLine = (line: string): void => {
        const event = parseEvent(line);
        const note = event === undefined ? undefined : recorder.take(event);
        if (note !== undefined) task.update(undefined, note);
      };
      const end = await call(run, [...args, "--json", "--stack", run.stack], onLine).finally(() =>
        recorder.close("not finished"),
      );
      if (run.signal?.aborted) refuse(cancelled(run, doing));
      if (end.code !== 0) throw new ProblemError(failures(run, doing, recorder, end));
      return recorder.summary();
    },
    describe,
  );
}

function describe({ changes, durationSeconds }: RunSummary): string {
  const counts = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
  return `${counts.length === 0 ? "nothing" : counts.join(", ")} in ${durationSeconds} s`;
}

async function plain(run: StackRun, args: readonly string[], code: `engine/${string}`): Promise<string> {
  const lines: string[] = [];
  const end = await call(run, args, (line) => lines.push(line));
  if (end.code === 0) return lines.join("\n");
  return refuse({
    code,
    path: `pulumi ${args.slice(0, 2).join(" ")}`,
    got: wordsOf(end),
    expected: "success",
    remedy: end.stderrTail.includes("incorrect passphrase")
      ? "the stack file carries an `encryptionsalt` of another machine: delete that line"
      : "mend what it names and run it again",
  });
}

function call(run: StackRun, args: readonly string[], onLine: (line: string) => void): Promise<PulumiEnd> {
  const { folder, stackConfigFolder } = projectOf(run);
  const environment = { ...run.variables, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
  return keepingStackConfig(join(stackConfigFolder, `Pulumi.${run.stack}.yaml`), () =>
    runPulumi({ pulumi: run.engine.pulumi, args, cwd: folder, environment, signal: run.signal, onLine }),
  );
}

function cancelled(run: StackRun, doing: string): Problem {
  return {
    code: "engine/cancelled",
    path: `stack ${run.stack}`,
    got: `an interruption while ${doing}`,
    expected: "to run to the end",
    remedy: "run it again; it goes on from where it stopped",
  };
}

/** Policy violations and errors of one run as problems; the words of the engine when it had nothing else to say. */
function failures(
  run: StackRun,
  doing: string,
  recorder: RunRecorder,
  end: PulumiEnd,
): readonly [Problem, ...Problem[]] {
  const path = `stack ${run.stack}`;
  const violations = recorder.violations.map(
    (got): Problem => ({
      code: "engine/policy",
      path,
      got,
      expected: "every mandatory policy to hold",
      remedy: "change the resource as the policy says",
    }),
  );
  const errors = recorder.errors.map(
    (got): Problem => ({
      code: "engine/failed",
      path,
      got,
      expected: `${doing} to succeed`,
      remedy: "mend what it names and run it again",
    }),
  );
  const [first, ...rest] = [...violations, ...errors];
  if (first !== undefined) return [first, ...rest];
  const got = end.killedBy === undefined ? wordsOf(end) : `pulumi killed by ${end.killedBy}`;
  return [{ code: "engine/failed", path, got, expected: `${doing} to succeed`, remedy: "run it again" }];
}

function wordsOf(end: PulumiEnd): string {
  return end.stderrTail.replaceAll("\n", " | ") || `exit code ${end.code} without a word`;
}
