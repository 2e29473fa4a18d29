import { z } from "zod";
import { each, type Fields } from "./known.ts";
import { once } from "./once.ts";
import type { Plan, PlanResource } from "./rule.ts";

const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

// Kubernetes names what has no name, and puts what has no namespace into `default`.
const identity = z.object({ name: z.string().default(""), namespace: z.string().default("default") });
const named = z.object({ metadata: identity.prefault({}) });
const configMap = z.object({ data: z.record(z.string(), z.string()).optional() });

/** A JSON file that a service reads at its start. */
export interface SettingsFile {
  readonly urn: string;
  /** ConfigMap that holds it. */
  readonly map: string;
  readonly namespace: string;
  readonly file: string;
  readonly content: unknown;
}

/** A ConfigMap with its name, which is known even while its files are not. */
interface ConfigMap {
  readonly resource: PlanResource;
  readonly name: string;
  readonly namespace: string;
}

/** The ConfigMaps of a plan. */
const configMaps = once((plan: Plan): readonly ConfigMap[] =>
  plan.ofType(CONFIG_MAP).map((resource) => ({ resource, ...named.parse(resource.props).metadata })),
);

/**
 * What the JSON files of a ConfigMap hold, by name. Five rules read the same ones, and hundreds of tenants have hundreds:
 * files with the same text are one object, so that what is read of it with {@link once} is read once for all of them.
 */
export function jsonFilesOf(plan: Plan, props: Fields): ReadonlyMap<string, unknown> {
  return readerOf(plan)(props);
}

const readerOf = once((_: Plan) => {
  const contents = new Map<string, unknown>();
  return once((props: Fields): ReadonlyMap<string, unknown> => {
    const files = Object.entries(configMap.parse(props).data ?? {}).filter(([file]) => file.endsWith(".json"));
    return new Map(files.map(([file, text]) => [file, parsed(text, contents)]));
  });
});

function parsed(text: string, contents: Map<string, unknown>): unknown {
  const known = contents.get(text);
  if (known !== undefined) return known;
  const content: unknown = JSON.parse(text);
  contents.set(text, content);
  return content;
}

/** Looks at every settings file of the ConfigMaps that `wanted` takes. A file that is no JSON is none of a service's. */
export function* eachSettingsFile<Found>(
  plan: Plan,
  wanted: (map: { readonly name: string; readonly namespace: string }) => boolean,
  check: (file: SettingsFile) => Iterable<Found>,
): Iterable<Found> {
  const maps = configMaps(plan).filter(wanted);
  yield* each(maps, function* ({ resource, name, namespace }) {
    for (const [file, content] of jsonFilesOf(plan, resource.props)) {
      yield* check({ urn: resource.urn, map: name, namespace, file, content });
    }
  });
}
