import { gapsOf } from "../../components/controls.ts";
import { adjustmentsOf } from "../../stacks/agents.ts";
import { demandOf } from "../../stacks/demand.ts";
import { placeOf } from "../../stacks/placement/index.ts";
import type { EnvironmentFile } from "../environment.ts";
import { inPlanOrder } from "./order.ts";
import { recordProgram } from "./recorder.ts";
import type { Plan } from "./render.ts";
import { summaryOf } from "./summary.ts";
import { warningsOf } from "./warnings.ts";

/**
 * What an environment would build, what was corrected in it, and what of it nothing enforces yet.
 *
 * @throws ProblemError with every problem that the program finds.
 */
export async function planOf(environment: EnvironmentFile): Promise<Plan> {
  const { name, settings, sections, corrections } = environment;
  const { deployment } = settings;
  const resources = inPlanOrder(await recordProgram(name, sections));
  const place = await placeOf(settings, demandOf(name, settings));
  return {
    environment: name,
    architecture: deployment.architecture,
    topology: deployment.topology,
    summary: summaryOf(place),
    resources,
    corrections: [...corrections, ...adjustmentsOf(settings)],
    warnings: warningsOf(place),
    gaps: gapsOf(deployment.topology),
  };
}
