/** A text somewhere inside planned inputs, and the name that it stands under; items of a list stand under the list's. */
export interface Text {
  readonly key: string;
  readonly text: string;
}

/** Of {@link textsOf}. */
export interface TextsOptions {
  /** Names whose values are not read. */
  readonly without?: readonly string[];
}

/**
 * Every text inside planned inputs. Where one is known only after an update, the others still come first, and then the
 * reading fails as it would have at once: what is known is judged, and the rest is not taken for judged.
 */
export function* textsOf(value: unknown, { without = [] }: TextsOptions = {}, key = ""): Iterable<Text> {
  if (typeof value === "string") yield { key, text: value };
  if (typeof value !== "object" || value === null) return;
  const names = Object.keys(value).filter((name) => !without.includes(name));
  yield* failingLast(names, (name) => {
    const item = (value as Readonly<Record<string, unknown>>)[name];
    return textsOf(item, { without }, Array.isArray(value) ? key : name);
  });
}

/** What is found in each item; an item that cannot be read fails only after all others were looked at. */
export function* failingLast<Item, Found>(
  items: Iterable<Item>,
  look: (item: Item) => Iterable<Found>,
): Iterable<Found> {
  let failed: { readonly error: unknown } | undefined;
  for (const item of items) {
    try {
      yield* look(item);
    } catch (error) {
      failed ??= { error };
    }
  }
  if (failed !== undefined) throw failed.error;
}
