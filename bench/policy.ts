import { environmentNames } from "../cli/environment.ts";
import { judgingFigures } from "./policy/judging.ts";
import { packFigures } from "./policy/pack.ts";
import { type RecordedPlan, recordedPlan } from "./policy/recorded.ts";
import type { Figure } from "./table.ts";

/** The most that the contract accepts. */
const TENANTS = 200;

/** An environment with Kubernetes objects alone: its preview is the shortest, so that what the pack adds shows best. */
const PACKED = "acme-dgx";

/** The rules over the plans of every environment, as written and with {@link TENANTS} tenants; and the pack in an engine. */
export async function benchPolicy(): Promise<readonly Figure[]> {
  const plans: RecordedPlan[] = [];
  for (const name of environmentNames()) plans.push(await recordedPlan(name), await recordedPlan(name, TENANTS));
  const packed = plans.find(({ environment }) => environment === PACKED);
  if (packed === undefined) throw new Error(`there is no environment ${PACKED}`);
  return [...judgingFigures(plans), ...(await packFigures(packed))];
}
