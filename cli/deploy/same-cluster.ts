import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { forgetWhatIsGone, type StackRun } from "../../tools/engine/index.ts";
import { environmentDir } from "../../tools/paths.ts";

/**
 * Sees to it that the state is about this cluster. A node that was taken away by itself, or another kubeconfig, leaves a state
 * of things that are not there: the engine would take what has not changed for present and fail at the rest.
 *
 * @throws ProblemError `engine/failed`
 */
export async function followCluster(run: StackRun, kubeconfig: string): Promise<void> {
  const file = environmentDir(run.stack, "cluster-id");
  const here = await identityOf(kubeconfig);
  if (existsSync(file) && readFileSync(file, "utf8") === here) return;
  await forgetWhatIsGone(run);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, here, { mode: 0o600 });
}

/** What tells one cluster from another: its first namespace comes and goes with it. */
async function identityOf(kubeconfig: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { metadata } = await config.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" });
  if (metadata?.uid === undefined) throw new Error("the namespace kube-system has no uid");
  return metadata.uid;
}
