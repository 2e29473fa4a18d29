import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSettings, readSettingsText, type SettingsFile } from "@breakwater/runtime/settings";
import { type Problem, ProblemError } from "../../../../runtime/problems/index.ts";
import { projectRoot } from "../../../../tools/paths.ts";

const sourceFolder = join(projectRoot, "test", "fixtures", "settings", "source");

/** The five files of the source requirements, unchanged. */
export const sourceFiles: readonly SettingsFile[] = readdirSync(sourceFolder)
  .sort()
  .map((name) => readSettingsText(name, readFileSync(join(sourceFolder, name), "utf8")));

/** The shipped environment, as its author wrote it. A new copy each time. */
export function localRaw(): Record<string, unknown> {
  const file = join(projectRoot, "stacks", "Pulumi.local.yaml");
  return readSettingsText(file, readFileSync(file, "utf8")).content as Record<string, unknown>;
}

/** The shipped environment with one place changed; a `path` such as "multi_tenant.tenants.0.id". `undefined` removes the key. */
export function localWith(path: string, value: unknown): unknown {
  const raw = localRaw();
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  let target: Record<string, unknown> = raw;
  for (const key of keys) {
    target[key] ??= {};
    target = target[key] as Record<string, unknown>;
  }
  if (value === undefined) delete target[last];
  else target[last] = value;
  return raw;
}

/** What `action` is refused for; a failure of the test when it is not refused. */
export function problemsOf(action: () => unknown): readonly Problem[] {
  try {
    action();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
  throw new Error("expected a refusal and got none");
}

/** Code and path of what a complete parse of `raw` is refused for. */
export function refusals(raw: unknown): readonly string[] {
  return problemsOf(() => parseSettings(raw)).map(({ code, path }) => `${code} ${path}`);
}

/** `${name}`, as people write a reference to a secret. */
export function placeholder(name: string): string {
  return `\${${name}}`;
}
