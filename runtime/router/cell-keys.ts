import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { bearerToken, hashKey } from "../identity/index.ts";
import { refuse } from "../problems/index.ts";
import { Refusal } from "./errors.ts";

const TenantKeys = z.record(z.string().min(1), z.string().regex(/^[0-9a-f]{64}$/));

/** Which tenant's cell a key belongs to. Immutable: a changed file becomes a new one. */
export interface CellKeys {
  /** @throws Refusal `identity/missing-key`, `identity/unknown-key`. */
  readonly tenantOf: (authorization: string | undefined) => string;
}

/** Reads the tenant keys file. @throws ProblemError `identity/malformed-keys-file`. */
export function parseCellKeys(text: string, path: string): CellKeys {
  const hashes = parse(text, path).map(([tenant, sha256]) => [tenant, Buffer.from(sha256, "hex")] as const);
  return {
    tenantOf: (authorization) => {
      const token = bearerToken(authorization);
      if (token === undefined || token === "") throw new Refusal("identity/missing-key");
      const sent = Buffer.from(hashKey(token), "hex");
      // Compared with every tenant's, so that the time says nothing about which one was close.
      const found = hashes.filter(([, sha256]) => timingSafeEqual(sha256, sent));
      const tenant = found[0]?.[0];
      if (tenant === undefined) throw new Refusal("identity/unknown-key");
      return tenant;
    },
  };
}

function parse(text: string, path: string): [string, string][] {
  const file = { code: "identity/malformed-keys-file", path, remedy: "write the file again" } as const;
  const expected = "a JSON object from tenant id to the hex SHA-256 of its key, each key once";
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse({ ...file, got: "no JSON", expected }, { cause });
  }
  const parsed = TenantKeys.safeParse(value);
  if (!parsed.success) return refuse({ ...file, got: "another shape", expected }, { cause: parsed.error });
  const entries = Object.entries(parsed.data);
  if (new Set(entries.map(([, sha256]) => sha256)).size < entries.length) {
    return refuse({ ...file, got: "one key for two tenants", expected });
  }
  return entries;
}
