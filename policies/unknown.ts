/** Thrown by reading a planned value that only an update will know. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";

  constructor(path: string) {
    super(`${path} is known only after an update`);
  }
}

/**
 * The same inputs, in which reading an unknown value throws {@link UnknownValue}: a rule that does not read it is decided,
 * one that does is neither passed nor failed. As Pulumi's own policy runner does it at preview.
 */
export function trapped(value: unknown, path = ""): unknown {
  // Most resources have no unknown value, and rules run over thousands of them.
  if (!holdsUnknown(value)) return value;
  if (Array.isArray(value)) return withTraps([], value.entries(), path);
  if (typeof value !== "object" || value === null) return value;
  return withTraps({}, Object.entries(value), path);
}

function withTraps(copy: object, entries: Iterable<readonly [string | number, unknown]>, path: string): object {
  for (const [key, item] of entries) {
    const at = path === "" ? String(key) : `${path}.${key}`;
    if (isUnknown(item)) {
      const get = (): never => {
        throw new UnknownValue(at);
      };
      Object.defineProperty(copy, key, { get, enumerable: true });
    } else Object.defineProperty(copy, key, { value: trapped(item, at), enumerable: true });
  }
  return copy;
}

function holdsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isUnknown(value)) return true;
  for (const key in value) if (holdsUnknown((value as Record<string, unknown>)[key])) return true;
  return false;
}

/** How a recorded plan marks what only an update knows. */
function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiUnknown" in value;
}
