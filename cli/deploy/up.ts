import { join } from "node:path";
import type { Correction } from "@breakwater/runtime/settings";
import { type Cluster, clusterUp } from "../../tools/cluster/index.ts";
import { up as engineUp, type RunSummary, selectStack } from "../../tools/engine/index.ts";
import type { BuiltImage } from "../../tools/images/index.ts";
import { projectRoot } from "../../tools/paths.ts";
import { type Progress, tracked } from "../../tools/progress.ts";
import { type ApiKeyFiles, tenantHolder } from "../../tools/secrets/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { frontDoorUrl } from "./address.ts";
import { engineVariables } from "./engine-variables.ts";
import { FrontDoorClient } from "./front-door-client.ts";
import { requireOnThisMachine } from "./on-this-machine.ts";
import { preflight } from "./preflight.ts";
import { prepare } from "./prepare.ts";
import { followCluster } from "./same-cluster.ts";

/** What stands after `breakwater up`. */
export interface UpResult {
  readonly environment: string;
  readonly address: string;
  readonly cluster: Cluster["kind"];
  /** API key files by holder: a tenant's id, `admin`, `auditor`. */
  readonly keyFiles: ApiKeyFiles;
  /** Operation of the engine -> number of resources. */
  readonly changes: RunSummary["changes"];
  readonly corrections: readonly Correction[];
  /** A turn of a real agent of the first tenant, through the front door. */
  readonly firstReply: {
    readonly tenant: string;
    readonly keyFile: string;
    readonly asked: string;
    readonly answered: string;
  };
}

/** What the first question is; the echo model repeats it, a real model greets. */
const FIRST_QUESTION = "Hello from breakwater up: are you there?";

/**
 * Builds everything of one environment on this machine and ends with a real reply. Every step is safe to repeat: what stands is left,
 * what is missing or dead is made again.
 *
 * @param signal ends the engine's run after the operations under way.
 * @throws ProblemError with what stands against the plan, before anything is built; or from the step that cannot go on: what
 * stood before still stands.
 */
export async function bringUp(
  environment: EnvironmentFile,
  progress: Progress,
  signal?: AbortSignal,
): Promise<UpResult> {
  requireOnThisMachine(environment, "this is what happens on this machine; elsewhere the engine goes alone");
  await preflight(environment, progress);
  const { engine, images, keyFiles } = await prepare(environment, progress);
  const cluster = await clusterUp({ installPackages: true }, progress);
  await importImages(cluster, images, progress);

  const variables = engineVariables({
    environment: environment.name,
    topology: environment.settings.deployment.topology,
    engine,
    kubeconfig: cluster.kubeconfig,
  });
  const policyPacks = [join(projectRoot, "policies")];
  const run = {
    ...{ stack: environment.name, engine, variables, progress, policyPacks },
    ...(signal === undefined ? {} : { signal }),
  };
  await selectStack(run);
  await followCluster(run, cluster.kubeconfig);
  const { changes } = await engineUp(run);

  const address = frontDoorUrl(cluster, environment.settings);
  const tenant = environment.settings.multi_tenant.tenants[0]?.id ?? "";
  const keyFile = keyFiles[tenantHolder(tenant)] ?? "";
  const client = FrontDoorClient.fromKeyFile(address, keyFile);
  const answered = await tracked(progress, `first reply from ${tenant}'s cell`, () =>
    client.firstReply(FIRST_QUESTION),
  );
  return {
    environment: environment.name,
    address,
    cluster: cluster.kind,
    keyFiles,
    changes,
    corrections: environment.corrections,
    firstReply: { tenant, keyFile, asked: FIRST_QUESTION, answered },
  };
}

async function importImages(cluster: Cluster, images: readonly BuiltImage[], progress: Progress): Promise<void> {
  const missing: BuiltImage[] = [];
  for (const image of images) if (!(await cluster.hasImage(image.reference))) missing.push(image);
  if (missing.length === 0) return;
  await tracked(progress, `${missing.length} images to the node`, async (task) => {
    for (const [index, image] of missing.entries()) {
      task.update(index / missing.length, image.name);
      await cluster.importImage(image.archive, image.reference);
    }
  });
}
