import { belowReplicas } from "../../limits/index.ts";
import { type Problem, ProblemError } from "../../problems/index.ts";
import type { FrontDoorSettings, Limits } from "../../settings/services.ts";

/**
 * Refuses limits of which a replica's share is nothing: every request would be turned away.
 * @throws ProblemError `limits/below-replicas` with every such limit, at start.
 */
export function requireShares({ replicas, limits, tenants }: FrontDoorSettings): void {
  const levels: readonly (readonly [string, Limits])[] = [
    ["limits.per_key", limits.per_key],
    ["limits.per_tenant", limits.per_tenant],
    ...tenants.map((tenant, index) => [`tenants[${index}].limits`, tenant.limits] as const),
  ];
  const problems = levels.flatMap(([path, level]): Problem[] => {
    const name = belowReplicas(level, replicas);
    if (name === undefined) return [];
    return [
      {
        code: "limits/below-replicas",
        path: `${path}.${name}`,
        got: String(level[name]),
        expected: `at least ${replicas}, the number of replicas, because each grants its share`,
        remedy: "raise the limit or run fewer replicas",
      },
    ];
  });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}
