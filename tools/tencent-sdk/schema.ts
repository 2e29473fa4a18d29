import { refuse } from "@breakwater/runtime/problems";

const SCALARS = ["string", "number", "boolean", "map", "string[]", "number[]"] as const;

type Scalar = (typeof SCALARS)[number];

/** What an argument holds: a plain value, one nested block (`MaxItems: 1` in the provider), or several of them. */
export type FieldType =
  | { readonly kind: "scalar"; readonly scalar: Scalar }
  | { readonly kind: "one" | "list"; readonly fields: readonly Field[] };

/** An argument under its Terraform name. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly type: FieldType;
}

/** A resource type of the provider, as far as the kit uses it. */
export interface ResourceSchema {
  /** Terraform name without `tencentcloud_`. */
  readonly name: string;
  readonly arguments: readonly Field[];
  /** What only the cloud knows, under Terraform names. */
  readonly outputs: readonly Field[];
  /** Terraform names of arguments and outputs that the state must hold encrypted. */
  readonly secrets: readonly string[];
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Reads `resources.json`: resource -> arguments, outputs, secrets. A name that ends in `!` is required; a type is one of
 * {@link SCALARS}, `{"one": {...}}` or `{"list": {...}}`.
 *
 * @throws ProblemError `tencent-sdk/malformed`
 */
export function readResources(json: Json): readonly ResourceSchema[] {
  return Object.entries(objectAt(json, "resources.json")).map(([name, value]) => {
    const entry = objectAt(value, name);
    const secrets = entry["secrets"] ?? [];
    return {
      name,
      arguments: fieldsAt(entry["arguments"] ?? {}, `${name}.arguments`),
      outputs: fieldsAt(entry["outputs"] ?? {}, `${name}.outputs`),
      secrets: Array.isArray(secrets) ? secrets.map(String) : malformed(`${name}.secrets`, secrets, "a list of names"),
    };
  });
}

function fieldsAt(json: Json, path: string): readonly Field[] {
  return Object.entries(objectAt(json, path)).map(([key, value]) => ({
    name: key.replace(/!$/, ""),
    required: key.endsWith("!"),
    type: typeAt(value, `${path}.${key}`),
  }));
}

function typeAt(json: Json, path: string): FieldType {
  if (typeof json === "string") {
    const scalar = SCALARS.find((known) => known === json);
    return scalar === undefined ? malformed(path, json, SCALARS.join(", ")) : { kind: "scalar", scalar };
  }
  const [[kind, fields] = ["", null], ...more] = Object.entries(objectAt(json, path));
  if ((kind !== "one" && kind !== "list") || more.length > 0)
    malformed(path, json, '{"one": {...}} or {"list": {...}}');
  return { kind, fields: fieldsAt(fields, path) };
}

function objectAt(json: Json, path: string): { readonly [key: string]: Json } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return malformed(path, json, "an object");
  return json as { readonly [key: string]: Json };
}

function malformed(path: string, got: Json, expected: string): never {
  return refuse({
    code: "tencent-sdk/malformed",
    path,
    got: JSON.stringify(got),
    expected,
    remedy: "correct tools/tencent-sdk/resources.json",
  });
}
