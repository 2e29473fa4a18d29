import { type PlacementProblem, problemAt } from "./codes.ts";
import { type Check, OUR_RULE } from "./place.ts";

/** What every cloud takes at the start of a name: buckets are the strictest. */
const FORM = /^[a-z]([a-z0-9-]*[a-z0-9])?$/;
const MAX_LENGTH = 40;
const SOURCE =
  "names of S3 buckets: lower-case letters, digits and hyphens (docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html)";

/** The environment's name can begin the name of every resource, and no other environment's is the same to a cloud. */
export const environmentName: Check = ({ demand, environments, settings }) => {
  const name = demand.environment;
  const same = environments.filter((other) => other !== name && asClouds(other) === asClouds(name));
  const clashes: readonly PlacementProblem[] = same.map((other) =>
    problemAt("placement/environment-clash", "environment", {
      got: `${name}, which is ${asClouds(name)} in names, as ${other} is`,
      expected: "a name that differs in more than case, underscores and what lies behind 40 letters",
      remedy: "rename one of the two files",
      source: OUR_RULE,
    }),
  );
  if (settings.deployment.topology === "local" || (FORM.test(name) && name.length <= MAX_LENGTH)) return clashes;
  return [
    ...clashes,
    problemAt("placement/environment-name", "environment", {
      got: name,
      expected: `lower-case letters, digits and hyphens, a letter first, at most ${MAX_LENGTH}, nearest ${asClouds(name)}`,
      remedy: `rename the file to stacks/Pulumi.${asClouds(name)}.yaml`,
      source: SOURCE,
    }),
  ];
};

/** The nearest name that every cloud takes. */
function asClouds(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9-]/g, "-");
  const begun = /^[a-z]/.test(plain) ? plain : `e${plain}`;
  return begun.slice(0, MAX_LENGTH).replace(/-+$/, "");
}
