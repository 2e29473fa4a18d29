import { z } from "zod";
import { type LeafFacts, leaf } from "./leaf.ts";

/** Points at a secret by name; what it holds is found only where it is used. */
export interface SecretRef {
  readonly secret: string;
}

const NAME = "[A-Z][A-Z0-9_]{0,63}";
const placeholder = new RegExp(`^\\$\\{(${NAME})\\}$`);

/** The name inside `${NAME}`, or undefined when `text` is no well-formed placeholder. */
function placeholderName(text: string): string | undefined {
  return placeholder.exec(text)?.[1];
}

/** `${NAME}` of a reference, the form in which people write and read it. */
export function formatSecretRef(ref: SecretRef): string {
  return `\${${ref.secret}}`;
}

export function isSecretRef(value: unknown): value is SecretRef {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && keys[0] === "secret" && typeof (value as { secret: unknown }).secret === "string";
}

/**
 * A leaf that accepts `${NAME}` from people and `{secret: "NAME"}` from the program that parsed it before,
 * and gives a {@link SecretRef}. A literal is refused without being quoted (`settings/plain-secret`).
 */
export function secretLeaf(about: Omit<LeafFacts, "secret" | "unit">) {
  const schema = z.union([
    z
      .string()
      .regex(placeholder)
      .transform((text): { secret: string } => ({ secret: placeholderName(text) ?? "" })),
    z.strictObject({ secret: z.string().regex(new RegExp(`^${NAME}$`)) }),
  ]);
  return leaf(schema, { ...about, secret: true });
}

/** A reference and every place that uses it. */
export interface SecretUse {
  readonly name: string;
  readonly paths: readonly string[];
}

/** Every secret that parsed settings need, by name in alphabetical order, so that what is missing can be said at once. */
export function collectSecretRefs(settings: unknown): readonly SecretUse[] {
  const uses = new Map<string, string[]>();
  const visit = (value: unknown, path: string): void => {
    if (isSecretRef(value)) {
      uses.set(value.secret, [...(uses.get(value.secret) ?? []), path]);
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`);
    } else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, path === "" ? key : `${path}.${key}`);
    }
  };
  visit(settings, "");
  return [...uses].map(([name, paths]) => ({ name, paths })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
