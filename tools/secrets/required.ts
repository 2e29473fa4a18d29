import { type Problem, ProblemError } from "@breakwater/runtime/problems";
import type { SecretFolder } from "./files.ts";

/**
 * Sees that every secret which only its owner can give is there, before anything is built.
 *
 * @param names files below the environment's secrets folder, such as a provider's API key.
 * @throws ProblemError `secrets/missing-file`, one problem for each file that is not there.
 */
export function requireSecretFiles(folder: SecretFolder, names: readonly string[]): void {
  const [first, ...rest] = names.filter((name) => !folder.has(name)).map((name) => missing(folder.path(name)));
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}

function missing(path: string): Problem {
  return {
    code: "secrets/missing-file",
    path,
    got: "no file",
    expected: "a file that holds the secret and nothing else, readable by its owner only",
    remedy: `write it, for example: install -m 600 /dev/stdin ${path}`,
  };
}
