import type { Settings } from "@breakwater/runtime/settings";
import type { ComponentResourceOptions } from "@pulumi/pulumi/resource.js";
import { Agents } from "../components/agents/agents.ts";
import type { Platform } from "../components/platform.ts";
import { agentsOf } from "./agents.ts";
import type { Environment } from "./config.ts";
import { demandOf } from "./demand.ts";
import { EnvironmentFacts, factsOf } from "./facts.ts";
import { inferenceOf } from "./inference.ts";
import { jurisdictionOf } from "./jurisdiction.ts";
import { monitoringOf } from "./monitoring.ts";
import { refuseUnplaceable } from "./placement/index.ts";
import { platformOf } from "./platforms.ts";
import { vaultOf } from "./vault.ts";

/**
 * Registers everything of one environment.
 *
 * @throws ProblemError with everything that the place cannot give the environment, at preview.
 */
export async function deploy(environment: Environment): Promise<void> {
  const { settings } = environment;
  const demand = demandOf(environment.name, settings);
  await refuseUnplaceable(settings, demand);
  const monitoring = monitoringOf(settings, demand);
  const platform = await platformOf(environment, demand);
  new EnvironmentFacts(factsOf(environment.name, settings, await jurisdictionOf(settings)), settings);
  const cluster = within(platform);
  new Agents("agents", { ...agentsOf(settings, platform.database), platform }, cluster);
  await deployModels(settings, platform, cluster);
  await deployVault(settings, platform, cluster);
  if (monitoring !== undefined) await deployMonitoring(monitoring, platform, cluster);
}

/** OpenBao, where the platform has somebody to open it. */
async function deployVault(settings: Settings, platform: Platform, cluster: ComponentResourceOptions): Promise<void> {
  if (platform.vaultSeal === undefined) return;
  const { Vault } = await import("../components/vault/vault.ts");
  new Vault("vault", vaultOf(settings, { ...platform, vaultSeal: platform.vaultSeal }), cluster);
}

/** Prometheus, Grafana and who is told. */
async function deployMonitoring(
  asked: NonNullable<ReturnType<typeof monitoringOf>>,
  platform: Platform,
  cluster: ComponentResourceOptions,
): Promise<void> {
  const { Monitoring } = await import("../components/monitoring/monitoring.ts");
  const vault = platform.vaultSeal === undefined ? undefined : asked.vault;
  const mirror = asked.mirror ?? platform.imageMirror;
  new Monitoring("monitoring", { ...asked, vault, mirror, platform }, cluster);
}

/** Models on the platform's own GPUs, where the environment serves any. */
async function deployModels(settings: Settings, platform: Platform, cluster: ComponentResourceOptions): Promise<void> {
  if (settings.inference.models.length === 0) return;
  const { Inference } = await import("../components/inference/inference.ts");
  const args = { ...inferenceOf(settings, platform.internalCidrs), platform };
  new Inference("inference", args, { ...cluster, dependsOn: [...(platform.nimOperator ?? [])] });
}

/** Everything of Kubernetes goes to the platform's own cluster. */
function within({ kubernetes }: Platform): ComponentResourceOptions {
  return kubernetes === undefined ? {} : { providers: { kubernetes } };
}
