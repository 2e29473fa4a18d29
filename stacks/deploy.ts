import { Agents } from "../components/agents/agents.ts";
import type { Platform } from "../components/platform.ts";
import { agentsOf } from "./agents.ts";
import type { Environment } from "./config.ts";
import { demandOf } from "./demand.ts";
import { EnvironmentFacts, factsOf } from "./facts.ts";
import { jurisdictionOf } from "./jurisdiction.ts";
import { refuseUnplaceable } from "./placement/index.ts";
import { platformOf } from "./platforms.ts";

/**
 * Registers everything of one environment.
 *
 * @throws ProblemError with everything that the place cannot give the environment, at preview.
 */
export async function deploy(environment: Environment): Promise<void> {
  const { settings } = environment;
  const demand = demandOf(environment.name, settings);
  await refuseUnplaceable(settings, demand);
  const platform = await platformOf(environment, demand);
  new EnvironmentFacts(factsOf(environment.name, settings, await jurisdictionOf(settings)));
  new Agents("agents", { ...agentsOf(settings, platform.database), platform }, within(platform));
}

/** Everything of Kubernetes goes to the platform's own cluster. */
function within({ kubernetes }: Platform): { providers?: { kubernetes: NonNullable<Platform["kubernetes"]> } } {
  return kubernetes === undefined ? {} : { providers: { kubernetes } };
}
