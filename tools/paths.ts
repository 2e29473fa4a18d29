import { homedir } from "node:os";
import { join } from "node:path";

/** What can be deleted and built again: binaries, images, downloads. `$XDG_CACHE_HOME/breakwater`, else `~/.cache/breakwater`. */
export function cacheDir(...parts: string[]): string {
  return join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "breakwater", ...parts);
}

/** What must survive: the node's data, stack state, keys. `$XDG_STATE_HOME/breakwater`, else `~/.local/state/breakwater`. */
export function stateDir(...parts: string[]): string {
  return join(process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "breakwater", ...parts);
}

/** Everything of one environment on the deploying machine: `pulumi/` (stack state), `secrets/` (files, mode 0600), `passphrase`. */
export function environmentDir(environment: string, ...parts: string[]): string {
  return stateDir("environments", environment, ...parts);
}

/** The folder of this checkout, from which every other path in the project follows. */
export const projectRoot: string = join(import.meta.dirname, "..");
