import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { Exec, type KubeConfig, type V1Pod, type V1Status } from "@kubernetes/client-node";
import type { Executed } from "./world.ts";

/** How long a command in a pod may take; probes give up on each address after 3 s. */
const EXEC_MS = 60_000;
/** How often a command is given to the container runtime that says that it could not start it. */
const STARTS = 3;
const PAUSE_MS = 500;

/** How a command is sent to a container: the API server's exec, or a test's stand-in for it. */
export type Executor = Pick<Exec, "exec">;

/**
 * Runs a command in a container of a pod, as the user that it runs as. Only for what may run twice: a runtime that says
 * that it could not start a command is asked again, and may have run it all the same (see {@link couldNotStart}).
 * @throws Error when it did not start at the third time, has no end after 60 s, or the API server refuses.
 */
export async function execInPod(
  config: KubeConfig,
  pod: V1Pod,
  container: string,
  argv: readonly string[],
  executor: Executor = new Exec(config),
): Promise<Executed> {
  for (let start = 1; ; start++) {
    const { status, stdout, stderr } = await execOnce(executor, pod, container, argv);
    const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
    const exitCode = status.status === "Success" ? 0 : Number(cause?.message ?? Number.NaN);
    if (!Number.isNaN(exitCode)) return { stdout, stderr, exitCode };
    if (start === STARTS || !couldNotStart(status)) throw new Error(`exec in ${pod.metadata?.name}: ${status.message}`);
    await sleep(PAUSE_MS);
  }
}

/**
 * Whether containerd says that the runtime did not start the command. On a node whose CPUs are busy gVisor's `runsc exec`
 * says so, without a reason, of a command that takes 10 s to begin, and of one that begins and ends between its look for the
 * pid file and its look for the process (runsc/specutils `WaitForReady`, read 2026-12-01).
 */
function couldNotStart({ message = "" }: V1Status): boolean {
  return /failed to start exec/.test(message);
}

async function execOnce(
  executor: Executor,
  { metadata: { name = "", namespace = "" } = {} }: V1Pod,
  container: string,
  argv: readonly string[],
): Promise<{ readonly status: V1Status; readonly stdout: string; readonly stderr: string }> {
  const stdout = new Collector();
  const stderr = new Collector();
  const status = await new Promise<V1Status>((resolve, reject) => {
    const late = () => reject(new Error(`no end after ${EXEC_MS / 1000} s: ${argv[0]} in ${name}`));
    const timer = setTimeout(late, EXEC_MS);
    const ended = (end: V1Status) => {
      clearTimeout(timer);
      resolve(end);
    };
    executor.exec(namespace, name, container, [...argv], stdout, stderr, null, false, ended).catch((error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
  return { status, stdout: stdout.text, stderr: stderr.text };
}

class Collector extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString("utf8");
    done();
  }
}
