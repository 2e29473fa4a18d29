import type { PlannedResource } from "./recorder.ts";

/** Resources by the URN of their parent, in their order; those whose parent is not planned stand under the empty text. */
export function childrenByParent(
  resources: readonly PlannedResource[],
): ReadonlyMap<string, readonly PlannedResource[]> {
  const known = new Set(resources.map(({ urn }) => urn));
  const groups = new Map<string, PlannedResource[]>();
  for (const resource of resources) {
    const key = known.has(resource.parent) ? resource.parent : "";
    const siblings = groups.get(key);
    if (siblings === undefined) groups.set(key, [resource]);
    else siblings.push(resource);
  }
  return groups;
}

/** `tenant-marketing/sandbox`: where a resource will be and what it is called there, as far as its inputs say it. */
export function placedName({ name, inputs }: PlannedResource): string {
  const own = (inputs["metadata"] ?? inputs) as { readonly name?: unknown; readonly namespace?: unknown };
  return [own.namespace, own.name ?? name].filter((part) => typeof part === "string").join("/");
}

/** `Deployment` of `kubernetes:apps/v1:Deployment`. */
export function shortType({ type }: PlannedResource): string {
  return type.slice(type.lastIndexOf(":") + 1);
}
