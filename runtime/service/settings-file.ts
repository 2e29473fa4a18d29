import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { ProblemError, refuse } from "../problems/index.ts";
import { zodProblems } from "./zod-problems.ts";

/**
 * Reads the file named by `--settings` with the schema that its writer used.
 * @throws ProblemError `settings/usage`, `settings/unreadable`, `settings/invalid`, with every problem of the file, at start.
 */
export function readSettings<S extends z.ZodType>(argv: readonly string[], schema: S): z.output<S> {
  const path = settingsPath(argv);
  const input = readJson(path);
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const remedy = `correct ${path}`;
  throw new ProblemError(zodProblems(parsed.error, input, { code: "settings/invalid", root: "", remedy }));
}

/** Reads a mounted secret. @throws ProblemError `secrets/unreadable` or `secrets/malformed`, never with the content. */
export function readSecret(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    return refuse(
      { code: "secrets/unreadable", path, got, expected: "a readable file", remedy: "mount the secret" },
      { cause },
    );
  }
  return parseSecret(text, path);
}

/** HMAC-SHA256 is as strong as its key: 32 random bytes are 43 characters of base64url. */
const MIN_KEY_CHARS = 43;

/** Reads a mounted secret that keys an HMAC. @throws ProblemError as {@link readSecret}, and `secrets/too-short`. */
export function readKeySecret(path: string): string {
  const secret = readSecret(path);
  if (secret.length >= MIN_KEY_CHARS) return secret;
  return refuse({
    code: "secrets/too-short",
    path,
    got: `${secret.length} characters`,
    expected: `at least ${MIN_KEY_CHARS} characters`,
    remedy: "write 32 random bytes in base64url",
  });
}

/** A secret's text without the newline that an editor left. */
export function parseSecret(text: string, path: string): string {
  const secret = text.trim();
  if (secret !== "" && /^[\x21-\x7e]+$/.test(secret)) return secret;
  return refuse({
    code: "secrets/malformed",
    path,
    got: secret === "" ? "an empty file" : "spaces or characters that no header can carry",
    expected: "one line of visible ASCII",
    remedy: "write the secret again",
  });
}

function settingsPath(argv: readonly string[]): string {
  const { values } = parseArgs({ args: [...argv], options: { settings: { type: "string" } }, strict: false });
  if (typeof values.settings === "string") return values.settings;
  return refuse({
    code: "settings/usage",
    path: "--settings",
    got: "nothing",
    expected: "the path of a settings file",
    remedy: "start with `--settings /etc/breakwater/settings.json`",
  });
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    const got = cause instanceof SyntaxError ? "no JSON" : cause instanceof Error ? cause.message : String(cause);
    return refuse(
      { code: "settings/unreadable", path, got, expected: "a readable JSON file", remedy: "mount the settings" },
      { cause },
    );
  }
}
