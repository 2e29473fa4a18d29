import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";
import type { Demand } from "../../components/demand.ts";
import { monitoringProblems } from "../monitoring.ts";
import { china } from "./china.ts";
import { leavesCompany } from "./company-network.ts";
import { entry } from "./entry.ts";
import { environmentName } from "./environment-name.ts";
import { environmentsBeside } from "./environments.ts";
import { existingCluster } from "./existing-cluster.ts";
import { gpuMisfits } from "./gpu-sizing.ts";
import { isolation } from "./isolation.ts";
import { jurisdiction } from "./jurisdiction.ts";
import { kubernetesVersion } from "./kubernetes-version.ts";
import { loadBalancerTargets } from "./load-balancer.ts";
import { localProblems } from "./local.ts";
import { machines } from "./machines.ts";
import { networkRange } from "./network-range.ts";
import { offerOf, topologiesWithRegion } from "./offers.ts";
import type { Check, Place } from "./place.ts";
import { podAddresses, podsFit } from "./pods.ts";
import { privateRegion } from "./private-region.ts";
import { receivers } from "./receivers.ts";
import { region } from "./region.ts";
import { servedModels } from "./served-models.ts";
import { vault } from "./vault.ts";
import { volumes } from "./volumes.ts";

/** Every check, in the order in which its problems are read: where, on what, at which addresses, how much of it. */
export const CHECKS: readonly Check[] = [
  localProblems,
  environmentName,
  region,
  privateRegion,
  jurisdiction,
  china,
  leavesCompany,
  receivers,
  kubernetesVersion,
  existingCluster,
  isolation,
  machines,
  servedModels,
  networkRange,
  podAddresses,
  podsFit,
  volumes,
  entry,
  loadBalancerTargets,
  vault,
];

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
export async function placementProblems(settings: Settings, demand: Demand): Promise<readonly Problem[]> {
  const place = await placeOf(settings, demand);
  return [...problemsOf(place), ...(await modelProblems(settings)), ...monitoringProblems(settings)];
}

/** What is wrong with the served models themselves, said together with the rest. */
async function modelProblems(settings: Settings): Promise<readonly Problem[]> {
  if (settings.inference.models.length === 0) return [];
  const { inferenceProblems } = await import("../inference.ts");
  return inferenceProblems(settings);
}

/** What the checks say of a place, all of them. Pure. */
export function problemsOf(place: Place): readonly Problem[] {
  return CHECKS.flatMap((check) => check(place));
}

/** Reads what the checks need: the chosen cloud's data, and another's only to say where an unknown region is. */
export async function placeOf(settings: Settings, demand: Demand): Promise<Place> {
  const { topology } = settings.deployment;
  const offer = await offerOf(topology);
  const known = offer?.regions[demand.region];
  const unknown = offer !== undefined && known === undefined;
  return {
    settings,
    demand,
    offer,
    region: known,
    regionOf: unknown ? await topologiesWithRegion(demand.region, topology) : [],
    gpuMisfits: await gpuMisfits(settings),
    environments: environmentsBeside(),
  };
}
