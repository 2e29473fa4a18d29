import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";
import { z } from "zod";
import type { Against } from "./against.ts";
import { deployedOf, isState } from "./state.ts";

const plan = z.object({
  resources: z.array(
    z.object({
      urn: z.string(),
      type: z.string(),
      name: z.string(),
      custom: z.boolean(),
      inputs: z.record(z.string(), z.unknown()),
      dependencies: z.array(z.string()),
    }),
  ),
});

/**
 * A plan that `breakwater plan --format json` printed, or a state that `pulumi stack export` did, of this environment or of
 * another; its content says which.
 *
 * @throws ProblemError `cost/not-comparable`, or what {@link deployedOf} says of a state.
 */
export function readAgainst(file: string): Against {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return refused(file, error instanceof SyntaxError ? "a file that is not JSON" : "no file that can be read", error);
  }
  if (isState(content)) return { kind: "state", ...deployedOf(content, file) };
  const found = plan.safeParse(content);
  if (found.success) return { kind: "plan", resources: found.data.resources };
  const where = found.error.issues[0]?.path.join(".") || "as a whole";
  return refused(file, `JSON that is neither a plan, by its ${where}, nor a state`, found.error);
}

function refused(file: string, got: string, cause: unknown): never {
  return refuse(
    {
      code: "cost/not-comparable",
      path: file,
      got,
      expected: "what `breakwater plan ENVIRONMENT --format json` or `pulumi stack export` prints",
      remedy: "print one of them into a file and name that",
    },
    { cause },
  );
}
