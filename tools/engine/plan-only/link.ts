import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";

/** The program behind every link. */
const PROGRAM = join(import.meta.dirname, "pulumi-resource-plan-only");

/** A package whose resources are planned without its provider. */
export interface PlannedPackage {
  /** As in `pulumi:providers:<name>`; of a parameterised package that of its base, `terraform-provider`. */
  readonly name: string;
  /** That of its SDK: anything else, and the engine looks for another plugin or warns. */
  readonly version: string;
}

/**
 * Makes the plan-only provider answer for a package, where Pulumi looks for installed plugins; on PATH it would warn at
 * every run.
 *
 * @internal the tests' preview
 * @param home folder of PULUMI_HOME; one of its own, so that no `up` finds it.
 * @param program in place of the plan-only provider.
 */
export async function linkPlanOnly(
  home: string,
  { name, version }: PlannedPackage,
  program: string = PROGRAM,
): Promise<void> {
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  await mkdir(folder, { recursive: true });
  await symlink(program, join(folder, `pulumi-resource-${name}`));
}

/** The version that a plugin's folder is named by. */
export function versionOf(folder: string): string {
  return /-v(\d+\.\d+\.\d+\S*)$/.exec(folder)?.[1] ?? "0.0.0";
}
