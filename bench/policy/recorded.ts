import type { Facts, Settings } from "@breakwater/runtime/settings";
import type { RawResource } from "../../policies/evaluate.ts";
import { timed } from "../sample.ts";

/** What rules judge of one environment. */
export interface RecordedPlan {
  readonly environment: string;
  readonly facts: Facts;
  readonly settings: Settings;
  readonly resources: readonly RawResource[];
}

/** The plan of an environment as it is written or, with a number, with so many tenants. */
export async function recordedPlan(environment: string, tenants?: number): Promise<RecordedPlan> {
  const size = tenants === undefined ? [] : [String(tenants)];
  const argv = [process.execPath, "--import", "tsx", "bench/policy/plan-of-many.ts", environment, ...size];
  const plan = JSON.parse((await timed(argv)).stdout) as Omit<RecordedPlan, "environment">;
  return { environment, ...plan };
}
