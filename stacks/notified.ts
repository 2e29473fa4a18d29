import type { Settings } from "@breakwater/runtime/settings";

/** Who is told of what the platform watches of itself: whom monitoring names for that, or else everyone whom a rule names. */
export function notifiedBy({ monitoring }: Pick<Settings, "monitoring">): readonly string[] {
  const { alerting } = monitoring ?? {};
  const byRules = alerting?.rules.flatMap(({ notify }) => notify) ?? [];
  return [...new Set(alerting?.notify ?? byRules)].sort();
}
