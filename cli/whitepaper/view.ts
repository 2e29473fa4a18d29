import type { PlannedResource } from "../plan/recorder.ts";

/** A value inside a resource's inputs, by its path; undefined where a part of the path is not there. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** A value as a list; what is no list is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** A value as text; empty where it is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  return typeof found === "string" ? found : "";
}

/** Kubernetes name of a recorded object. */
export function objectName({ inputs }: PlannedResource): string {
  return textAt(inputs, "metadata", "name");
}

/** Kubernetes namespace of a recorded object. */
export function namespaceOf({ inputs }: PlannedResource): string {
  return textAt(inputs, "metadata", "namespace");
}

/** `Deployment` of `kubernetes:apps/v1:Deployment`. */
export function kindOf({ type }: PlannedResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
