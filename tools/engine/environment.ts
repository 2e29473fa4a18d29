import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter } from "node:path";
import { pathToFileURL } from "node:url";
import { environmentDir, stateDir } from "../paths.ts";

/** What decides the environment of a Pulumi process. */
export interface EnvironmentArgs {
  /** Name of the environment, which is also the stack's: `local`. */
  readonly environment: string;
  readonly engine: { readonly binFolders: readonly string[] };
  /**
   * Kubeconfig of the cluster on this machine. Undefined for an environment elsewhere: the caller's own KUBECONFIG and
   * the cloud's credentials count, and the engine may fetch the cloud's provider.
   */
  readonly kubeconfig: string | undefined;
}

/** Pulumi's own home for us, apart from the user's `~/.pulumi`: plugins and the selected stack. */
export function pulumiHome(): string {
  return stateDir("pulumi-home");
}

/** Everything that `pulumi` needs for one environment, PATH included; add it to the environment of the process. */
export function engineEnvironment({ environment, engine, kubeconfig }: EnvironmentArgs): Record<string, string> {
  const path = [...engine.binFolders, process.env["PATH"] ?? ""].filter((part) => part !== "");
  return {
    PATH: path.join(delimiter),
    PULUMI_HOME: pulumiHome(),
    PULUMI_BACKEND_URL: pathToFileURL(environmentDir(environment, "pulumi")).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: environmentDir(environment, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(kubeconfig === undefined
      ? {}
      : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true", KUBECONFIG: kubeconfig }),
    BREAKWATER_SECRETS: environmentDir(environment, "secrets"),
  };
}

/** {@link engineEnvironment} as lines for a shell, so that `pulumi up` typed by hand does what our command does. */
export function printEnvironment(args: EnvironmentArgs): string {
  const { PATH: _, ...rest } = engineEnvironment(args);
  const path = `export PATH=${args.engine.binFolders.map(quote).join(delimiter)}${delimiter}"$PATH"`;
  return [path, ...Object.entries(rest).map(([name, value]) => `export ${name}=${quote(value)}`), ""].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Makes the folders and the passphrase of an environment; what is there stays as it is. */
export async function prepareEnvironment(environment: string): Promise<void> {
  for (const folder of [pulumiHome(), environmentDir(environment, "pulumi"), environmentDir(environment, "secrets")]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  const passphrase = `${randomBytes(32).toString("base64url")}\n`;
  const options = { mode: 0o600, flag: "wx" };
  await writeFile(environmentDir(environment, "passphrase"), passphrase, options).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}
