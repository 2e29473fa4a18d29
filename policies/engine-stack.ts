import { FACTS_TYPE, Facts, type Settings } from "@breakwater/runtime/settings/judged";
import type { PolicyResource } from "@pulumi/policy";
import type { CostedResource } from "../cost/resource.ts";
import type { RawResource } from "./evaluate.ts";
import { ifKnown } from "./known.ts";

/** What an engine shows of a stack, in the form in which a recorded plan is. */
export interface EngineStack {
  readonly resources: readonly (RawResource & CostedResource)[];
  readonly facts: Facts;
  readonly settings: Settings;
}

const UNKNOWN = { __pulumiUnknown: true };

/** Inputs of resources, by URN, in the form in which a recorded plan has them. */
export type KnownInputs = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Reads a whole stack as Pulumi's policy runner hands it over. Values that only an update knows are marked as in a plan.
 *
 * @param inputs with which the program registered each resource. A stack shows outputs, and of what a provider makes that is
 * itself configured only by the update, such as everything in a cluster that is yet to be made, a preview has none.
 * @throws Error when the stack does not say what environment it is: nothing can be judged then.
 */
export function engineStack(all: readonly PolicyResource[], inputs: KnownInputs): EngineStack {
  const environment = all.find(({ type }) => type === FACTS_TYPE);
  if (environment === undefined) throw new Error(`no ${FACTS_TYPE} in the stack: this pack judges Breakwater's own`);
  const { settings, ...facts } = plain(environment.props) as Record<string, unknown>;
  return {
    resources: all
      .filter(({ type }) => type !== "pulumi:pulumi:Stack")
      .map(({ type, urn, name, props, dependencies }) => ({
        ...{ type, urn, name, custom: isCustom(type) },
        inputs: { ...inputs.get(urn), ...inputsOf(props) },
        dependencies: dependencies.map((dependency) => dependency.urn),
      })),
    facts: Facts.parse(facts),
    // Written by the program of the same checkout in the same run, after it was parsed there.
    settings: settings as Settings,
  };
}

/** Of our own types only those of the plugin are resources; all others are components. */
function isCustom(type: string): boolean {
  return !type.startsWith("breakwater:") || type.startsWith("breakwater:index:");
}

/** Properties of a resource as the runner hands them over, without its traps. */
export function inputsOf(props: object): Readonly<Record<string, unknown>> {
  return plain(props) as Readonly<Record<string, unknown>>;
}

function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
  for (const key of Object.keys(value)) {
    const item = ifKnown(() => (value as Record<string, unknown>)[key], UNKNOWN);
    (copy as Record<string, unknown>)[key] = item === UNKNOWN ? UNKNOWN : plain(item);
  }
  return copy;
}
