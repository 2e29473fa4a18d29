import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";
import { type Problem, ProblemError } from "../problems/index.ts";
import { ApiKeyRecord } from "../settings/services.ts";
import { hashKey, parseApiKey } from "./api-key.ts";

/** Who sent a request, as far as its key proves it. */
export interface Principal {
  readonly keyId: string;
  /** Null: the key is bound to no tenant and must name one where one is needed. */
  readonly tenant: string | null;
  readonly role: string;
}

/** Why a key was not accepted. Stable: part of the HTTP interface. */
export type AuthenticationFailure =
  | "identity/missing-key"
  | "identity/malformed-key"
  | "identity/unknown-key"
  | "identity/expired-key";

export type Authentication =
  | { readonly principal: Principal; readonly failure?: never }
  | { readonly failure: AuthenticationFailure; readonly principal?: never };

const NO_KEY_HASH = Buffer.alloc(32);

/** The token of an `Authorization: Bearer ...` header; "" when there is none, undefined when the header is something else. */
export function bearerToken(authorization: string | undefined): string | undefined {
  const text = authorization?.trim() ?? "";
  if (text === "") return "";
  const match = /^bearer(?:\s+(.*))?$/i.exec(text);
  return match === null ? undefined : (match[1] ?? "");
}

/** The API keys that are accepted right now. Immutable: a changed file becomes a new keyring. */
export class Keyring {
  readonly #records: ReadonlyMap<string, ApiKeyRecord>;

  constructor(records: readonly ApiKeyRecord[]) {
    this.#records = new Map(records.map((record) => [record.id, record]));
  }

  /**
   * Reads a keys file.
   * @throws ProblemError `identity/malformed-keys-file` with every problem of the file.
   */
  static parse(text: string, path: string): Keyring {
    const problems: Problem[] = [];
    const add = (where: string, got: string, expected: string, remedy: string): void => {
      problems.push({ code: "identity/malformed-keys-file", path: `${path}${where}`, got, expected, remedy });
    };
    const parsed = z.array(ApiKeyRecord).safeParse(jsonOrUndefined(text));
    for (const issue of parsed.error?.issues ?? []) {
      const where = issue.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
      add(where, `something else (${issue.message})`, "a JSON array of API key records", "write the file again");
    }
    const seen = new Set<string>();
    for (const { id } of parsed.data ?? []) {
      if (seen.has(id)) add("", `key id "${id}" twice`, "each id once", "remove one of the two records");
      seen.add(id);
    }
    const [first, ...rest] = problems;
    if (first !== undefined) throw new ProblemError([first, ...rest]);
    return new Keyring(parsed.data ?? []);
  }

  /** Decides who an `Authorization` header speaks for. The time taken does not depend on how much of a key is right. */
  authenticate(authorization: string | undefined, now: Date): Authentication {
    const token = bearerToken(authorization);
    if (token === "") return { failure: "identity/missing-key" };
    const parsed = token === undefined ? undefined : parseApiKey(token);
    if (token === undefined || parsed === undefined) return { failure: "identity/malformed-key" };
    const record = this.#records.get(parsed.id);
    const stored = record === undefined ? NO_KEY_HASH : Buffer.from(record.sha256, "hex");
    const same = timingSafeEqual(Buffer.from(hashKey(token), "hex"), stored);
    if (record === undefined || !same) return { failure: "identity/unknown-key" };
    if (record.expires !== null && now.getTime() >= Date.parse(record.expires)) {
      return { failure: "identity/expired-key" };
    }
    return { principal: { keyId: record.id, tenant: record.tenant, role: record.role } };
  }
}
