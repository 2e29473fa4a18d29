import { createHmac } from "node:crypto";
import { readFileSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import type { InputFailure } from "./secret-inputs.ts";

/** Largest Secret that Kubernetes stores (core/v1 MaxSecretSize). */
const MAX_SECRET_BYTES = 1024 * 1024;

/** Where secret files lie and what keys their fingerprints; both come from the environment of the deploying machine. */
export interface SecretSource {
  readonly folder: string;
  /** Keyed, so that the fingerprint in the state is of no use for guessing a short secret. */
  readonly fingerprintKey: string;
}

/** Content of each key, held only as long as one call lasts. */
export type SecretContent = ReadonlyMap<string, Buffer>;

/**
 * Reads every file of one Secret, or says everything that is wrong with them at once.
 * A link that leaves the folder is refused like a path that does.
 */
export function readSecretFiles(
  source: SecretSource,
  files: Readonly<Record<string, string>>,
): { readonly content: SecretContent; readonly failures: readonly InputFailure[] } {
  const content = new Map<string, Buffer>();
  const failures: InputFailure[] = [];
  for (const [key, path] of Object.entries(files)) {
    const read = readOne(source.folder, path);
    if (typeof read !== "string") content.set(key, read);
    else failures.push({ property: "files", reason: describe(key, path, read) });
  }
  const bytes = [...content.values()].reduce((sum, data) => sum + data.length, 0);
  if (bytes > MAX_SECRET_BYTES) {
    const reason = `[secrets/too-large] files: got ${bytes} bytes; expected at most ${MAX_SECRET_BYTES} in one Secret; split it`;
    failures.push({ property: "files", reason });
  }
  return { content, failures };
}

type Fault = "missing" | "empty" | "outside" | "unreadable";

function readOne(folder: string, path: string): Buffer | Fault {
  try {
    const root = realpathSync(folder);
    const file = realpathSync(join(root, path));
    if (!file.startsWith(root + sep)) return "outside";
    const data = readFileSync(file);
    return data.length === 0 ? "empty" : data;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === "ENOENT" || code === "ENOTDIR" ? "missing" : "unreadable";
  }
}

function describe(key: string, path: string, fault: Fault): string {
  const [code, got, remedy] = {
    missing: ["missing-file", "no such file", "create it, mode 0600"],
    empty: ["empty-file", "an empty file", "write the secret into it"],
    outside: ["outside", "a link that leaves the secrets folder", "put the file itself into the folder"],
    unreadable: ["unreadable-file", "something that cannot be read", "make it a file that the deploying user can read"],
  }[fault] as [string, string, string];
  return `[secrets/${code}] files[${key}]: got ${got} at ${path}; expected a file with the secret in the secrets folder; ${remedy}`;
}

/** A digest that changes exactly when a key or its content does: 128 bits of HMAC-SHA-256. */
export function fingerprint(source: SecretSource, content: SecretContent): string {
  const hmac = createHmac("sha256", source.fingerprintKey);
  for (const [key, data] of [...content].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hmac.update(`${key.length}:${key}${data.length}:`);
    hmac.update(data);
  }
  return hmac.digest("hex").slice(0, 32);
}

/** Reads the source from the environment, or says what of it is missing. */
export function secretSource(environment: Readonly<NodeJS.ProcessEnv>): SecretSource | InputFailure {
  const folder = environment["BREAKWATER_SECRETS"];
  if (folder === undefined || folder === "") {
    const reason =
      "[secrets/no-folder] BREAKWATER_SECRETS: got nothing; expected the folder of secret files; use `breakwater up`, or set the environment that `breakwater env` prints";
    return { property: "files", reason };
  }
  const key = passphrase(environment);
  if (key === undefined || key === "") {
    const reason =
      "[secrets/no-key] PULUMI_CONFIG_PASSPHRASE_FILE: got no passphrase; expected the one of this environment, which keys the fingerprints in the state; set it, or PULUMI_CONFIG_PASSPHRASE";
    return { property: "files", reason };
  }
  return { folder, fingerprintKey: createHmac("sha256", key).update("breakwater secret fingerprint").digest("hex") };
}

function passphrase(environment: Readonly<NodeJS.ProcessEnv>): string | undefined {
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (environment["PULUMI_CONFIG_PASSPHRASE"]) return environment["PULUMI_CONFIG_PASSPHRASE"];
  if (!file) return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
