import { z } from "zod";
import { bearerToken, hashKey } from "../../identity/index.ts";
import { jsonOrUndefined } from "../../json/index.ts";
import { refuse } from "../../problems/index.ts";
import { Refusal } from "../errors.ts";

const TenantKeys = z.record(z.string().min(1), z.string().regex(/^[0-9a-f]{64}$/));

/** Which tenant's cell a key belongs to. Immutable: a changed file becomes a new one. */
export interface CellKeys {
  /** @throws Refusal `identity/missing-key`, `identity/unknown-key`. */
  readonly tenantOf: (authorization: string | undefined) => string;
}

/**
 * Reads the tenant keys file. @throws ProblemError `identity/malformed-keys-file`.
 *
 * A key is found by its SHA-256 in a map. How long that takes says something about a stored hash's first digits at most,
 * and whoever sends keys does not choose the digits of their hashes: nothing leads from there to a key of 256 random bits.
 */
export function parseCellKeys(text: string, path: string): CellKeys {
  const tenants = new Map(parse(text, path).map(([tenant, sha256]) => [sha256, tenant]));
  return {
    tenantOf: (authorization) => {
      const token = bearerToken(authorization);
      if (token === undefined || token === "") throw new Refusal("identity/missing-key");
      const tenant = tenants.get(hashKey(token));
      if (tenant === undefined) throw new Refusal("identity/unknown-key");
      return tenant;
    },
  };
}

function parse(text: string, path: string): [string, string][] {
  const file = { code: "identity/malformed-keys-file", path, remedy: "write the file again" } as const;
  const expected = "a JSON object from tenant id to the hex SHA-256 of its key, each key once";
  const value = jsonOrUndefined(text);
  if (value === undefined) return refuse({ ...file, got: "no JSON", expected });
  const parsed = TenantKeys.safeParse(value);
  if (!parsed.success) return refuse({ ...file, got: "another shape", expected }, { cause: parsed.error });
  const entries = Object.entries(parsed.data);
  if (new Set(entries.map(([, sha256]) => sha256)).size < entries.length) {
    return refuse({ ...file, got: "one key for two tenants", expected });
  }
  return entries;
}
