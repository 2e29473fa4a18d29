import { join } from "node:path";
import type { Correction } from "@breakwater/runtime/settings";
import { up as engineUp, type RunSummary, selectStack } from "../../tools/engine/index.ts";
import { projectRoot } from "../../tools/paths.ts";
import type { Progress } from "../../tools/progress.ts";
import type { ApiKeyFiles } from "../../tools/secrets/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { engineVariables } from "./engine-variables.ts";
import { preflight } from "./preflight.ts";
import { prepare } from "./prepare.ts";

/** What stands after `breakwater up` on a cloud or on a cluster of the company's. */
export interface ElsewhereResult {
  readonly environment: string;
  readonly topology: string;
  readonly keyFiles: ApiKeyFiles;
  /** Operation of the engine -> number of resources. */
  readonly changes: RunSummary["changes"];
  readonly corrections: readonly Correction[];
}

/**
 * Builds an environment that does not run on this machine, with the credentials of whoever calls: the cloud's own
 * variables, or KUBECONFIG. Asks nobody a first question: the front door may not be reachable from here.
 *
 * @throws ProblemError with what stands against the plan, before anything is built; or from the step that cannot go on, such as a provider that refuses the credentials.
 */
export async function bringUpElsewhere(
  environment: EnvironmentFile,
  progress: Progress,
  signal?: AbortSignal,
): Promise<ElsewhereResult> {
  const { name, settings, corrections } = environment;
  await preflight(environment, progress);
  const { engine, keyFiles } = await prepare(environment, progress);
  const run = {
    ...{ stack: name, engine, progress, policyPacks: [join(projectRoot, "policies")] },
    variables: engineVariables({
      environment: name,
      topology: settings.deployment.topology,
      engine,
      kubeconfig: undefined,
    }),
    ...(signal === undefined ? {} : { signal }),
  };
  await selectStack(run);
  const { changes } = await engineUp(run);
  return { environment: name, topology: settings.deployment.topology, keyFiles, changes, corrections };
}
