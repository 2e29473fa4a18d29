/** The label that marks everything of one tenant; NetworkPolicies and policies select by it. */
export const TENANT_LABEL = "breakwater.dev/tenant";

/** The label that says which part of the product a pod is. */
export const COMPONENT_LABEL = "app.kubernetes.io/component";

/** Parts of the product that run as pods. */
export type Part = "front-door" | "router" | "echo-model" | "postgres" | "database-users" | "cell" | "sandbox";

/**
 * Annotations of a Service: the engine does not wait for its endpoints (10 s each, and 10 minutes where a pod never
 * gets ready), because it waits for the workload behind it anyway.
 */
export const notAwaited = { "pulumi.com/skipAwait": "true" };

/** What identifies the pods of one part, of one tenant when it has one. A selector: it never changes after creation. */
export function selectorLabels(part: Part, tenant?: string): Record<string, string> {
  return { [COMPONENT_LABEL]: part, ...(tenant === undefined ? {} : { [TENANT_LABEL]: tenant }) };
}

/** Labels of every object: the selector plus who made it. */
export function objectLabels(part: Part, tenant?: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": part,
    "app.kubernetes.io/part-of": "breakwater",
    "app.kubernetes.io/managed-by": "pulumi",
    ...selectorLabels(part, tenant),
  };
}
