import { formatSecretRef, isSecretRef, ledger } from "@breakwater/runtime/settings";
import { judgePlan } from "../compliance/evaluate-plan.ts";
import type { EnvironmentFile } from "../environment.ts";
import type { Plan } from "../plan/render.ts";
import type { BundleFiles } from "./bundle.ts";
import { jsonText } from "./manifest.ts";
import { versionsOf } from "./versions.ts";

/** What the evidence of an environment is taken from. */
export interface ContentArgs {
  readonly environment: EnvironmentFile;
  readonly plan: Plan;
  /** Day, UTC, by which exceptions are counted. */
  readonly day: string;
  /** Text of `breakwater verify --json`, where there is one. */
  readonly verifyReport?: string;
}

/** The files of a bundle before it is sealed. No secret is in them: settings have references, the plan marks. */
export async function contentsOf({ environment, plan, day, verifyReport }: ContentArgs): Promise<BundleFiles> {
  const { facts, results, verdict } = await judgePlan(environment, plan.resources, day);
  const verdicts = results.map(({ rule: { id, title, severity, controls }, ...rest }) => ({
    ...{ id, title, severity, controls },
    ...rest,
  }));
  return {
    "plan.json": jsonText(plan),
    "policy-results.json": jsonText({
      day,
      facts,
      policies: environment.settings.policies,
      passes: verdict.passes,
      rules: verdicts,
    }),
    "enforcers.json": jsonText(ledger(environment.settings)),
    "versions.json": jsonText(versionsOf(environment.name, plan.resources)),
    "settings.json": jsonText(withReferences(environment.settings)),
    ...(verifyReport === undefined ? {} : { "verify-report.json": verifyReport }),
  };
}

/** The same settings with `${NAME}` for each secret. */
function withReferences(value: unknown): unknown {
  if (isSecretRef(value)) return formatSecretRef(value);
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item)]));
}
