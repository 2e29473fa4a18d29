import { ledger, stateOf } from "@breakwater/runtime/settings";
import { adjustmentsOf } from "../../stacks/agents.ts";
import type { EnvironmentFile } from "../environment.ts";
import { recordProgram } from "./recorder.ts";
import type { Plan } from "./render.ts";

/**
 * What an environment would build, what was corrected in it, and what of it nothing enforces yet.
 *
 * @throws ProblemError with every problem that the program finds.
 */
export async function planOf(environment: EnvironmentFile): Promise<Plan> {
  const { deployment } = environment.settings;
  return {
    environment: environment.name,
    architecture: deployment.architecture,
    topology: deployment.topology,
    resources: await recordProgram(environment.name, environment.sections),
    corrections: [...environment.corrections, ...adjustmentsOf(environment.settings)],
    warnings: warningsOf(environment),
  };
}

function warningsOf({ name, settings }: EnvironmentFile): string[] {
  const unenforced = ledger(settings).filter(({ enforcer }) => stateOf(enforcer) === "not yet").length;
  const echo = Object.entries(settings.model_providers).filter(([, { kind }]) => kind === "echo");
  return [
    ...(unenforced === 0
      ? []
      : [`${unenforced} settings are accepted and enforced by nothing yet: breakwater enforcers ${name}`]),
    ...(echo.length === 0
      ? []
      : [`answers come from the echo model, a stand-in, for: ${echo.map(([provider]) => provider).join(", ")}`]),
  ];
}
