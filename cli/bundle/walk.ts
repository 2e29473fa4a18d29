/** An object somewhere inside the inputs of a resource. */
export type Fields = Readonly<Record<string, unknown>>;

/** Every object inside a value, itself included. */
export function objectsIn(value: unknown): readonly Fields[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Fields, ...inner];
}

/** Every text inside a value; keys are not. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

const ADDRESS = /\b(?:https?|oci):\/\/(?:\[[0-9a-f:]+\]|[A-Za-z0-9.-]+)(?::\d+)?/g;

/** Names that only the cluster, or only the pod itself, knows. */
const INSIDE =
  /(?:\.svc(?:\.cluster\.local)?\.?|\.local|^localhost|^kubernetes\.default|^127\.[\d.]+|^\[::1?\]|^0\.0\.0\.0)$/;

/** Hosts with their scheme that a value names and that are not inside the cluster. */
export function addressesIn(value: unknown): readonly string[] {
  return textsIn(value)
    .flatMap((text) => text.match(ADDRESS) ?? [])
    .filter((address) => {
      const host = address.replace(/^[a-z]+:\/\//, "").replace(/:\d+$/, "");
      return host.includes(".") && !INSIDE.test(host);
    });
}

/** The text under a key; undefined for anything else. */
export function textAt(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
