import { ProblemError } from "@breakwater/runtime/problems";
import { parseSettings, readSettingsText } from "@breakwater/runtime/settings";
import { demandOf } from "../../stacks/demand.ts";
import { placementProblems } from "../../stacks/placement/index.ts";
import type { Answers } from "./answers.ts";
import { environmentFile } from "./environment-file.ts";
import { type Gap, gapsOf } from "./gaps.ts";
import { decide } from "./rules.ts";

/** What an assessment leads to. */
export interface Assessment {
  readonly environment: string;
  readonly architecture: "A" | "B";
  readonly topology: string;
  readonly template: string;
  /** Each a sentence. */
  readonly reasons: readonly string[];
  readonly gaps: readonly Gap[];
  /** Where the file belongs. */
  readonly file: string;
  /** The environment file itself. */
  readonly yaml: string;
  /** Command lines, in the order in which they are of use. */
  readonly next: readonly string[];
}

/**
 * Turns answers into an environment. The same answers give the same bytes.
 *
 * @throws ProblemError where the file would not be accepted by `breakwater plan`: nobody gets a file that is refused.
 */
export async function assess(answers: Answers): Promise<Assessment> {
  const { name } = answers.place;
  const decision = decide(answers);
  const file = `stacks/Pulumi.${name}.yaml`;
  const yaml = environmentFile(answers, decision);
  await requirePlaceable(name, file, yaml);
  const { architecture, topology, template, reasons } = decision;
  const next = nextOf(answers);
  return { environment: name, architecture, topology, template, reasons, gaps: gapsOf(answers), file, yaml, next };
}

async function requirePlaceable(name: string, file: string, yaml: string): Promise<void> {
  const { settings } = parseSettings(readSettingsText(file, yaml).content);
  const [first, ...rest] = await placementProblems(settings, demandOf(name, settings));
  if (first !== undefined) throw new ProblemError([first, ...rest]);
}

function nextOf({ place, security }: Answers): readonly string[] {
  const { name } = place;
  return [
    `breakwater settings check stacks/Pulumi.${name}.yaml`,
    `breakwater plan ${name}`,
    `breakwater cost ${name}`,
    `breakwater enforcers ${name}`,
    ...security.standards.map((standard) => `breakwater compliance ${name} --framework ${standard}`),
    `breakwater whitepaper ${name} --lang en --format html --out ${name}.html`,
    `breakwater up ${name}`,
  ];
}
