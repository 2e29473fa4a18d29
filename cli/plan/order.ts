import type { PlannedResource } from "./recorder.ts";

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/**
 * Resources by their identity, and what each waits for too. The order in which they register depends on which promise
 * is done first, so that it would differ from one run to the next; what is planned does not.
 */
export function inPlanOrder(resources: readonly PlannedResource[]): readonly PlannedResource[] {
  return resources
    .map((resource) => ({ ...resource, dependencies: [...resource.dependencies].sort(byText) }))
    .sort((a, b) => byText(a.urn, b.urn));
}
