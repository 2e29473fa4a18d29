import { type PlannedResource, recordRun } from "../../cli/plan/recorder.ts";
import { EnvironmentFacts } from "../../stacks/facts.ts";
import type { BadEnvironment } from "../fixtures/bad/bad-environment.ts";

/** What an environment of the fixtures registers, through the recorder of `breakwater plan`; one after another, not at once. */
export function recordBad({ facts, build }: BadEnvironment): Promise<readonly PlannedResource[]> {
  return recordRun(facts.environment, {}, () => {
    new EnvironmentFacts(facts);
    build();
  });
}
