import { parseSettings } from "@breakwater/runtime/settings";
import type { EnvironmentFile } from "../environment.ts";

/**
 * The same environment for another number of people, to try out a size without editing the file.
 *
 * @throws ProblemError where the settings do not allow that number.
 */
export function forPeople(environment: EnvironmentFile, people: number): EnvironmentFile {
  const deployment = environment.sections["deployment"] as object;
  const sections = { ...environment.sections, deployment: { ...deployment, people } };
  return { ...environment, sections, ...parseSettings(sections) };
}
