import { z } from "zod";
import { jsonOrUndefined } from "../json/index.ts";
import { type Problem, ProblemError } from "../problems/index.ts";
import { ApiKeyRecord } from "../settings/services.ts";

/**
 * Reads the file of keys that the deployment made.
 * @throws ProblemError `identity/malformed-keys-file` with every problem of the file and without a hash.
 */
export function parseKeysFile(text: string, path: string): readonly ApiKeyRecord[] {
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
  return parsed.data ?? [];
}
