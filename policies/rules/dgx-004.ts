import { z } from "zod";
import { isInside, namesOutside, outsideHosts, registryOf } from "../net-hosts.ts";
import { failingLast } from "../net-texts.ts";
import { containersOf, POD_TYPES } from "../pods.ts";
import type { PlanResource, StackProblem, StackRule } from "../rule.ts";

const container = z.object({ image: z.string() });

const WITH_PODS: readonly string[] = POD_TYPES;

/**
 * What names a host of the internet fails where there is none, or waits for the day when somebody opens the way. Names that
 * only the company's network answers (`.internal`, `.local`, private addresses) pass; a public name that the company
 * resolves inside is one for an exception. What the defaults of charts name is not in a plan.
 */
export const dgx004: StackRule = {
  id: "DGX-004",
  applies: ({ airGapped }) => airGapped,
  subjects: [],
  *check(plan) {
    const objects = plan.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    const among = new Set([...plan.texts].filter(namesOutside));
    yield* failingLast([named(among), images], (look) => failingLast(objects, look));
  },
};

function named(among: ReadonlySet<string>): (object: PlanResource) => Iterable<StackProblem> {
  return function* ({ urn, props }) {
    for (const host of outsideHosts(props, { among })) yield { urn, problem: `names ${host}` };
  };
}

function* images({ urn, type, props }: PlanResource): Iterable<StackProblem> {
  if (!WITH_PODS.includes(type)) return;
  for (const raw of containersOf(props)) {
    const { image } = container.parse(raw);
    if (!isInside(registryOf(image))) yield { urn, problem: `runs ${image}` };
  }
}
