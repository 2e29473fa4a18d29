import { parseSettings } from "@breakwater/runtime/settings";
import type { Plan } from "../../../../cli/plan/render.ts";
import { recordPlan, sectionsOf } from "../../../support/plan.ts";

/** The plan of a shipped environment, as far as a white paper reads it. */
export async function shippedPlan(environment: string): Promise<Plan> {
  const sections = sectionsOf(environment);
  const { deployment, multi_tenant } = parseSettings(sections).settings;
  return {
    environment,
    architecture: deployment.architecture,
    topology: deployment.topology,
    summary: { region: deployment.region, tenants: multi_tenant.tenants.length } as Plan["summary"],
    resources: await recordPlan(sections, { environment }),
    corrections: [],
    warnings: [],
    gaps: [],
  };
}
