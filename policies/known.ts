import { UnknownValue } from "./unknown.ts";

/** Fields of a planned resource or of a part of one. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether an error says that a value is known only after an update, from a plan or from Pulumi's own policy runner. */
export function isUnknownValue(error: unknown): boolean {
  return error instanceof UnknownValue || (error instanceof Error && "unknownTypeSentinel" in error);
}

/** What `read` finds; `otherwise` where only an update knows it. For deciding about what is known beside it. */
export function ifKnown<T, Other>(read: () => T, otherwise: Other): T | Other {
  try {
    return read();
  } catch (error) {
    if (!isUnknownValue(error)) throw error;
    return otherwise;
  }
}

const UNKNOWN = Symbol("unknown");

/** Whether a field has a value, be it one that only an update will know: a reference to a key that is yet to be made is set. */
export function isSet(fields: Fields, key: string): boolean {
  if (!(key in fields)) return false;
  const value = ifKnown(() => fields[key], UNKNOWN);
  return value === UNKNOWN || (value !== undefined && value !== null && value !== "");
}

/**
 * What a check finds in each item. An unknown value ends the check of its item only; that there was one is thrown after
 * the last, so that a problem behind it is not missed.
 */
export function* each<Item, Found>(items: Iterable<Item>, check: (item: Item) => Iterable<Found>): Iterable<Found> {
  let unknown: Error | undefined;
  for (const item of items) {
    try {
      yield* check(item);
    } catch (error) {
      if (!isUnknownValue(error)) throw error;
      unknown ??= error as Error;
    }
  }
  if (unknown !== undefined) throw unknown;
}

/** A value somewhere inside a resource and the key that it stands under. */
export interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
}

/** Every text, number and boolean inside a value that is known now, for rules about what may be written nowhere. */
export function leaves(value: unknown): readonly Leaf[] {
  const found: Leaf[] = [];
  collectLeaves(value, "", "", found);
  return found;
}

function collectLeaves(value: unknown, path: string, key: string, found: Leaf[]): void {
  if (typeof value !== "object" || value === null) {
    found.push({ path, key, value });
    return;
  }
  const isList = Array.isArray(value);
  for (const name of Object.keys(value)) {
    const item = knownIn(value, name);
    // An item of a list stands under the list's key.
    if (item !== undefined) collectLeaves(item, path === "" ? name : `${path}.${name}`, isList ? key : name, found);
  }
}

/** Tells every text inside a value that is known now. Over all of a plan {@link leaves} would be too slow. */
export function eachText(value: unknown, tell: (text: string) => void): void {
  if (typeof value === "string") tell(value);
  if (typeof value !== "object" || value === null) return;
  for (const key in value) eachText(knownIn(value, key), tell);
}

/** As {@link ifKnown}, without a function for each field of each object. */
function knownIn(value: object, key: string): unknown {
  try {
    return (value as Fields)[key];
  } catch (error) {
    if (!isUnknownValue(error)) throw error;
    return undefined;
  }
}
