import { readFileSync } from "node:fs";
import { refuse } from "@breakwater/runtime/problems";
import { z } from "zod";
import type { CostedResource } from "../../cost/resource.ts";

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
 * Resources of a plan that `breakwater plan --json` printed, of this environment before or of another.
 *
 * @throws ProblemError `cost/not-a-plan`.
 */
export function readOtherPlan(file: string): readonly CostedResource[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return notAPlan(file, error instanceof SyntaxError ? "a file that is not JSON" : "no file that can be read", error);
  }
  const found = plan.safeParse(content);
  if (found.success) return found.data.resources;
  return notAPlan(file, `JSON without a plan: ${found.error.issues[0]?.path.join(".")}`, found.error);
}

function notAPlan(file: string, got: string, cause: unknown): never {
  return refuse(
    {
      code: "cost/not-a-plan",
      path: file,
      got,
      expected: "what `breakwater plan ENVIRONMENT --json` prints",
      remedy: "print the other plan into a file and name that",
    },
    { cause },
  );
}
