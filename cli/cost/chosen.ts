import type { Against } from "./against.ts";
import { readAgainst } from "./against-file.ts";
import { deployedOrWhy, requireDeployed } from "./deployed.ts";

/**
 * What the option `--against` means: `deployed` for the state on this machine, else a file; left out, the state if there is
 * one.
 *
 * @throws ProblemError where something was asked for that cannot be had.
 */
export async function againstOf(option: string | undefined, environment: string): Promise<Against> {
  if (option === undefined) return deployedOrWhy(environment);
  return option === "deployed" ? requireDeployed(environment) : readAgainst(option);
}
