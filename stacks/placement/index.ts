import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";
import type { Demand } from "../../components/demand.ts";
import { localProblems } from "./local.ts";

/**
 * Refuses what the chosen place cannot give, everything at once and before any resource is registered.
 *
 * @throws ProblemError with codes `placement/...`, at preview.
 */
export async function refuseUnplaceable(settings: Settings, demand: Demand): Promise<void> {
  const [first, ...rest] = await placementProblems(settings, demand);
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}

/** Everything that stands between an environment and its place. */
export async function placementProblems(settings: Settings, _demand: Demand): Promise<readonly Problem[]> {
  return settings.deployment.topology === "local" ? localProblems(settings) : [];
}
