/** `kms_key_id` to `kmsKeyId`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `kms_key_id` to `KmsKeyId`. */
export function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}

/** Endings of English plurals, as far as names of the provider need them; the first that fits holds. */
const PLURALS: readonly (readonly [RegExp, string])[] = [
  [/(x|ch|ss|sh)$/, "$1es"],
  [/([^aeiou])y$/, "$1ies"],
  [/s$/, "s"],
  [/$/, "s"],
];

/** The plural of a name; one that is a plural already stays as it is. */
export function plural(name: string): string {
  const [ending, replacement] = PLURALS.find(([pattern]) => pattern.test(name)) ?? [/$/, "s"];
  return name.replace(ending, replacement);
}

/**
 * The name that the bridge gives an argument: camel case, and in the plural where it holds several values, unless the plural
 * is the name of another argument.
 *
 * Source: pulumi/pulumi-terraform-bridge, pkg/tfbridge/names.go, `terraformToPulumiName`, read 2026-11-23.
 */
export function bridgedName(name: string, several: boolean, siblings: readonly string[]): string {
  const wanted = plural(name);
  return camelCase(several && !siblings.includes(wanted) ? wanted : name);
}
