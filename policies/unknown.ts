/** Thrown by reading a planned value that only an update will know. */
export class UnknownValue extends Error {
  override readonly name = "UnknownValue";

  constructor(path: string) {
    super(`${path} is known only after an update`);
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** How a recorded plan marks what only an update knows: by a field of this name. */
const UNKNOWN = "__pulumiUnknown";

/**
 * Inputs in which reading an unknown value throws {@link UnknownValue}: a rule that does not read it is decided, one that
 * does is neither passed nor failed. As Pulumi's own policy runner does it at preview. What holds no unknown value is
 * handed back as it is, and only the way to one is copied.
 *
 * @param texts takes every text that is known: this is the one walk through all of a plan.
 */
export function trapping(texts: Set<string>): (inputs: Fields) => Fields {
  const holders = new Set<object>();
  return (inputs) => (walk(inputs, texts, holders) ? withTraps(inputs, "", holders) : inputs) as Fields;
}

/** @returns whether there is an unknown value; `holders` takes every object and list that has one inside. */
function walk(value: object, texts: Set<string>, holders: Set<object>): boolean {
  let holds = false;
  for (const key in value) {
    // Of an object whose every field is gone through, faster than to ask first whether it has this one.
    if (key === UNKNOWN) return true;
    const item = (value as Fields)[key];
    if (typeof item === "string") texts.add(item);
    else if (typeof item === "object" && item !== null && walk(item, texts, holders)) holds = true;
  }
  if (holds) holders.add(value);
  return holds;
}

function withTraps(value: object, path: string, holders: ReadonlySet<object>): object {
  const copy = Array.isArray(value) ? [] : {};
  for (const key in value) {
    const item = (value as Fields)[key];
    const at = path === "" ? key : `${path}.${key}`;
    if (isUnknown(item)) Object.defineProperty(copy, key, trapAt(at));
    else if (holders.has(item as object)) put(copy, key, withTraps(item as object, at, holders));
    else put(copy, key, item);
  }
  return copy;
}

/** An assignment, which is fast, save where it would be no field but the object's prototype. */
function put(copy: object, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(copy, key, { value, enumerable: true });
  else (copy as Record<string, unknown>)[key] = value;
}

function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && UNKNOWN in value;
}

const traps = new Map<string, PropertyDescriptor>();

/**
 * One for each path, and one error in it: taking a stack trace at every read of every pod is what judging a plan would
 * spend most of its time on, and objects with the same traps have the same shape, which makes reading them fast.
 */
function trapAt(path: string): PropertyDescriptor {
  const known = traps.get(path);
  if (known !== undefined) return known;
  const unknown = new UnknownValue(path);
  const get = (): never => {
    throw unknown;
  };
  const trap = { get, enumerable: true };
  traps.set(path, trap);
  return trap;
}
