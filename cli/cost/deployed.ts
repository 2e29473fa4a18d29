import { formatProblem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { readStack } from "../../tools/engine/stack-state.ts";
import { environmentDir } from "../../tools/paths.ts";
import type { Against } from "./against.ts";
import { deployedOf, PROJECT } from "./state.ts";

/**
 * What is deployed of an environment, as the engine on this machine keeps it.
 *
 * @throws ProblemError `cost/not-deployed`, `cost/state-unreadable`, or what {@link deployedOf} says of a state.
 */
export async function requireDeployed(environment: string): Promise<Against> {
  const path = `state of ${environment}`;
  const text = await textOf(environment, path);
  if (text === undefined) {
    return refuse({
      code: "cost/not-deployed",
      path,
      got: "none on this machine",
      expected: "what `breakwater up` or `pulumi up` leaves here",
      remedy:
        "deploy it, or export the state where it is kept (pulumi stack export --file FILE) and use --against FILE",
    });
  }
  return { kind: "deployed", ...deployedOf(parsed(text, path), path) };
}

/** {@link requireDeployed} for whoever did not ask for it: where there is nothing to compare with, why. */
export async function deployedOrWhy(environment: string): Promise<Against> {
  try {
    return await requireDeployed(environment);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [{ code }] = error.problems;
    if (code === "cost/not-deployed") return { kind: "nothing", says: `no state of ${environment} is on this machine` };
    if (code === "cost/state-empty") return { kind: "nothing", says: `the state of ${environment} has no resources` };
    return { kind: "unreadable", says: error.problems.map(formatProblem).join("; ") };
  }
}

async function textOf(environment: string, path: string): Promise<string | undefined> {
  try {
    return await readStack(environmentDir(environment, "pulumi"), PROJECT, environment);
  } catch (cause) {
    return unreadable(path, (cause as NodeJS.ErrnoException).code ?? String(cause), cause);
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return unreadable(path, "a file that is not JSON", cause);
  }
}

function unreadable(path: string, got: string, cause: unknown): never {
  return refuse(
    {
      code: "cost/state-unreadable",
      path,
      got,
      expected: "a file of the engine that can be read",
      remedy: "see whether it belongs to whoever runs this, and whether `pulumi stack export` reads it",
    },
    { cause },
  );
}
