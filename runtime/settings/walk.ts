import { z } from "zod";
import { factsOf, type LeafFacts } from "./leaf.ts";

/** Where a value is: keys and list positions from the top. */
export type Path = readonly PropertyKey[];

/** `multi_tenant.tenants[1].id`; a key that is no plain word is quoted. */
export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    const key = String(part);
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, "");
}

/** What lies at `path` in data of unknown shape; undefined when nothing does. */
export function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    data,
  );
}

/** The list at `path`; empty when there is none. */
export function listAt(data: unknown, path: Path): readonly unknown[] {
  const value = valueAt(data, path);
  return Array.isArray(value) ? value : [];
}

function unwrap(schema: z.ZodType): z.ZodType {
  const wrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
  return wrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

/** Of the options of a union, the one that `value` claims to be by its discriminator; all of them when it claims none. */
function claimed(schema: z.ZodUnion, value: unknown): readonly z.ZodType[] {
  const options = schema.options as readonly z.ZodType[];
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return options;
  const key = schema.def.discriminator;
  const claim = valueAt(value, [key]);
  const matching = options.filter((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[key] : undefined;
    return literal instanceof z.ZodLiteral && literal.values.has(claim as string);
  });
  return matching.length > 0 ? matching : options;
}

function step(schema: z.ZodType, key: PropertyKey, value: unknown): z.ZodType | undefined {
  const bare = unwrap(schema);
  if (bare instanceof z.ZodObject) {
    return Object.hasOwn(bare.shape, key) ? (bare.shape[String(key)] as z.ZodType) : undefined;
  }
  if (bare instanceof z.ZodArray) return bare.element as z.ZodType;
  if (bare instanceof z.ZodRecord) return bare.valueType as z.ZodType;
  if (!(bare instanceof z.ZodUnion)) return undefined;
  return claimed(bare, value)
    .map((option) => step(option, key, value))
    .find((found) => found !== undefined);
}

function schemaAt(root: z.ZodType, path: Path, data: unknown): z.ZodType | undefined {
  return path.reduce<z.ZodType | undefined>(
    (schema, key, depth) => (schema === undefined ? undefined : step(schema, key, valueAt(data, path.slice(0, depth)))),
    root,
  );
}

/** What the nearest leaf on the way to `path` declares, undefined outside every leaf. */
export function factsAt(root: z.ZodType, path: Path, data: unknown): LeafFacts | undefined {
  let schema: z.ZodType | undefined = root;
  for (const [depth, key] of path.entries()) {
    const known: LeafFacts | undefined = factsOf(unwrap(schema));
    if (known !== undefined) return known;
    schema = step(schema, key, valueAt(data, path.slice(0, depth)));
    if (schema === undefined) return undefined;
  }
  return factsOf(unwrap(schema));
}

/** Keys that may stand in the object at `path`. */
export function knownKeys(root: z.ZodType, path: Path, data: unknown): readonly string[] {
  const schema = schemaAt(root, path, data);
  if (schema === undefined) return [];
  const bare = unwrap(schema);
  const objects = bare instanceof z.ZodUnion ? claimed(bare, valueAt(data, path)) : [bare];
  return [...new Set(objects.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : [])))];
}

/** Values of the discriminator at `path`, such as the kinds of model providers. */
export function discriminatorValues(root: z.ZodType, path: Path, data: unknown): readonly unknown[] {
  const schema = schemaAt(root, path.slice(0, -1), data);
  const bare = schema === undefined ? undefined : unwrap(schema);
  if (!(bare instanceof z.ZodDiscriminatedUnion)) return [];
  return bare.options.flatMap((option) => {
    const literal = option instanceof z.ZodObject ? option.shape[bare.def.discriminator] : undefined;
    return literal instanceof z.ZodLiteral ? [...literal.values] : [];
  });
}

/** One leaf of the schema: `multi_tenant.tenants[].id`, `model_providers.<name>.kind`. Undeclared: a leaf whose facts are missing. */
export interface SchemaLeaf {
  readonly pattern: readonly string[];
  readonly facts: LeafFacts | undefined;
}

/** Every leaf, in the order of the schema. What is declared is a leaf, and so is what has no parts. */
export function leavesOf(schema: z.ZodType, pattern: readonly string[] = []): readonly SchemaLeaf[] {
  const bare = unwrap(schema);
  const facts = factsOf(bare);
  if (facts !== undefined) return [{ pattern, facts }];
  if (bare instanceof z.ZodObject) {
    return Object.entries(bare.shape).flatMap(([key, part]) => leavesOf(part as z.ZodType, [...pattern, key]));
  }
  if (bare instanceof z.ZodArray) return leavesOf(bare.element as z.ZodType, [...pattern, "[]"]);
  if (bare instanceof z.ZodRecord) return leavesOf(bare.valueType as z.ZodType, [...pattern, "<name>"]);
  if (bare instanceof z.ZodUnion) {
    const all = bare.options.flatMap((option) => leavesOf(option as z.ZodType, pattern));
    return all.filter((one, index) => all.findIndex((other) => samePattern(one, other)) === index);
  }
  return [{ pattern, facts: undefined }];
}

function samePattern(one: SchemaLeaf, other: SchemaLeaf): boolean {
  return one.pattern.join("\0") === other.pattern.join("\0");
}

/** `multi_tenant.tenants[].id` */
export function formatPattern(pattern: readonly string[]): string {
  return pattern.join(".").replaceAll(".[]", "[]");
}
