/** A text somewhere inside planned inputs, and the name that it stands under; items of a list stand under the list's. */
export interface Text {
  readonly key: string;
  readonly text: string;
}

/** Of {@link textsOf}. */
export interface TextsOptions {
  /** Names whose values are not read. */
  readonly without?: readonly string[];
  /** Texts beside which all others are passed over. @default none are */
  readonly among?: ReadonlySet<string>;
}

/**
 * Every text inside planned inputs. Where one is known only after an update, the others still come first, and then the
 * reading fails as it would have at once: what is known is judged, and the rest is not taken for judged.
 */
export function* textsOf(value: unknown, options: TextsOptions = {}): Iterable<Text> {
  const found: Found = { texts: [], failed: undefined };
  collect(value, options, "", found);
  yield* found.texts;
  if (found.failed !== undefined) throw found.failed.error;
}

interface Found {
  readonly texts: Text[];
  /** The first that could not be read. */
  failed: { readonly error: unknown } | undefined;
}

/** Not a generator by itself: one inside another for every level of every object is most of what such a search costs. */
function collect(value: unknown, options: TextsOptions, key: string, found: Found): void {
  if (typeof value === "string" && options.among?.has(value) !== false) found.texts.push({ key, text: value });
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const name in value) {
    if (!isList && options.without?.includes(name) === true) continue;
    try {
      collect((value as Readonly<Record<string, unknown>>)[name], options, isList ? key : name, found);
    } catch (error) {
      found.failed ??= { error };
    }
  }
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
