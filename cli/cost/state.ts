import { type Problem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { FACTS_TYPE, parseSettings, type Settings } from "@breakwater/runtime/settings";
import { z } from "zod";
import type { CostedResource } from "../../cost/resource.ts";
import type { Deployed } from "./against.ts";
import { withoutSecrets } from "./state-secrets.ts";

/** Versions of a deployment that the engine writes: 4 says besides which features it uses, none of which changes what is read here. */
const VERSIONS: readonly unknown[] = [3, 4];

/** Name of the project in Pulumi.yaml, which every URN has. */
export const PROJECT = "breakwater";

const values = z.record(z.string(), z.unknown()).default({});

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  /** Replaced, and to be deleted. */
  delete: z.boolean().default(false),
  /** Only read: somebody else's. */
  external: z.boolean().default(false),
  /** Deleted already, and to be made again. */
  pendingReplacement: z.boolean().default(false),
  inputs: values,
  outputs: values,
  dependencies: z.array(z.string()).nullish(),
});

type StateResource = z.output<typeof resource>;

const deployment = z.object({
  manifest: z.object({ time: z.string() }),
  resources: z.array(resource).nullish(),
  pending_operations: z.array(z.unknown()).nullish(),
});

/** Whether JSON is a state: as `pulumi stack export` prints it, or as a backend keeps it. */
export function isState(
  content: unknown,
): content is Readonly<Record<"deployment" | "checkpoint" | "version", unknown>> {
  return typeof content === "object" && content !== null && ("deployment" in content || "checkpoint" in content);
}

/**
 * What a state says is deployed, in the form in which a plan is: by the inputs of what exists, without a secret. What the
 * engine made by itself, what it only read, and what it has replaced is left out.
 *
 * @param path what the state is called in a refusal.
 * @throws ProblemError `cost/state-version`, `cost/not-a-state`, `cost/state-empty`, `cost/other-project`, `cost/state-settings`.
 */
export function deployedOf(content: unknown, path: string): Deployed {
  const { manifest, pending_operations, ...found } = read(content, path);
  const resources = (found.resources ?? []).filter(isThere);
  const environment = stackOf(found.resources ?? [], path);
  const settings = settingsOf(resources, manifest.time, path);
  const costed = resources.filter(({ urn, type }) => !isEngines(urn, type)).map(costedOf);
  return {
    ...{ environment, settings, pendingOperations: pending_operations?.length ?? 0 },
    // What is metered once is metered at the first of its type: the same as in a plan.
    resources: costed.sort((a, b) => (a.urn < b.urn ? -1 : Number(a.urn > b.urn))),
  };
}

function read(content: unknown, path: string): z.output<typeof deployment> {
  if (!isState(content)) return notAState(path, "JSON without a deployment");
  const { version } = content;
  if (!VERSIONS.includes(version)) {
    refuse({
      code: "cost/state-version",
      path,
      got: `a state of version ${typeof version === "number" ? version : "that is no number"}`,
      expected: VERSIONS.join(" or "),
      remedy: "export it with a Pulumi of version 3",
    });
  }
  const inside = content.deployment ?? latestOf(content.checkpoint);
  // A stack that nothing was deployed to yet has a checkpoint without any.
  if (inside === undefined || inside === null) return empty(path);
  const found = deployment.safeParse(inside);
  if (found.success) return found.data;
  return notAState(path, `a state whose ${found.error.issues[0]?.path.join(".") || "deployment"} is not as expected`);
}

function latestOf(checkpoint: unknown): unknown {
  return typeof checkpoint === "object" && checkpoint !== null && "latest" in checkpoint
    ? checkpoint.latest
    : undefined;
}

function isThere(one: StateResource): boolean {
  return !one.delete && !one.external && !one.pendingReplacement;
}

const URN = /^urn:pulumi:([^:]+)::([^:]+)::(?:[^:]|:(?!:))+::(.+)$/s;

function stackOf(resources: readonly StateResource[], path: string): string {
  let stack: string | undefined;
  for (const { urn } of resources) {
    const [, name, project] = URN.exec(urn) ?? [];
    if (name === undefined) return notAState(path, "a state with a URN that is none");
    if (project !== PROJECT) {
      refuse({
        code: "cost/other-project",
        path,
        got: `a state of the project ${JSON.stringify(project)}`,
        expected: `one of the project ${PROJECT}`,
        remedy: "export the state of an environment of this checkout",
      });
    }
    stack ??= name;
  }
  return stack ?? empty(path);
}

/** The stack itself, and providers that the engine makes where a program names none: a plan has neither. */
function isEngines(urn: string, type: string): boolean {
  return (
    type === "pulumi:pulumi:Stack" || (type.startsWith("pulumi:providers:") && /^default(_[\d_]+)?$/.test(nameOf(urn)))
  );
}

function nameOf(urn: string): string {
  return URN.exec(urn)?.[3] ?? "";
}

function costedOf({ urn, type, custom, inputs, dependencies }: StateResource): CostedResource {
  return { urn, type, name: nameOf(urn), custom, inputs: withoutSecrets(inputs), dependencies: dependencies ?? [] };
}

/** The settings that the program wrote into the state, read as on the day of the deployment: a price may be over since. */
function settingsOf(resources: readonly StateResource[], time: string, path: string): Settings {
  if (resources.every(({ urn, type }) => isEngines(urn, type))) return empty(path);
  const written = resources.find(({ type }) => type === FACTS_TYPE)?.outputs["settings"];
  if (written === undefined)
    return unknownSettings(path, "a state that does not say with which settings it was deployed");
  const day = new Date(time);
  try {
    return parseSettings(written, Number.isNaN(day.getTime()) ? undefined : day).settings;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return unknownSettings(path, `settings that this checkout does not accept: ${namesOf(error.problems)}`, error);
  }
}

const NAMED = 3;

function namesOf(problems: readonly Problem[]): string {
  const names = problems.slice(0, NAMED).map(({ code, path }) => `${code} at ${path}`);
  return [...names, ...(problems.length > NAMED ? [`${problems.length - NAMED} more`] : [])].join(", ");
}

function unknownSettings(path: string, got: string, cause?: unknown): never {
  return refuse(
    {
      code: "cost/state-settings",
      path,
      got,
      expected: "the settings that this checkout writes into a state, because tokens and hours are priced by them",
      remedy: "deploy once with this checkout, or compare with a plan of the older one",
    },
    { cause },
  );
}

function empty(path: string): never {
  return refuse({
    code: "cost/state-empty",
    path,
    got: "a state without resources",
    expected: "one of a deployed environment",
    remedy: "deploy first, or name another state",
  });
}

function notAState(path: string, got: string): never {
  return refuse({
    code: "cost/not-a-state",
    path,
    got,
    expected: "what `pulumi stack export` prints",
    remedy: "export the state again",
  });
}
