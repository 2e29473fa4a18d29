import { refuse } from "@breakwater/runtime/problems";
import type { EnvironmentFile } from "../environment.ts";

/**
 * Sees that a command which works on the node of this machine is not pointed at an environment that runs elsewhere: it
 * would look at, or take away, another environment than the one that was named.
 *
 * @param instead what its reader does there.
 * @throws ProblemError `deployment/elsewhere`
 */
export function requireOnThisMachine({ name, settings }: EnvironmentFile, instead: string): void {
  const { topology } = settings.deployment;
  if (topology === "local") return;
  refuse({
    code: "deployment/elsewhere",
    path: name,
    got: `topology ${topology}`,
    expected: "an environment of topology local, which runs on this machine",
    remedy: instead,
  });
}
