import { z } from "zod";
import { each } from "./known.ts";
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

/** The ConfigMaps of a plan with their names, which are known even while their files are not. */
export function configMaps(
  plan: Plan,
): readonly { readonly resource: PlanResource; readonly name: string; readonly namespace: string }[] {
  return plan.ofType(CONFIG_MAP).map((resource) => ({ resource, ...named.parse(resource.props).metadata }));
}

/** Three rules read the same files, and a plan of a thousand tenants has thousands: each is parsed once. */
const files = new Map<string, unknown>();

function parsed(text: string): unknown {
  const known = files.get(text);
  if (known !== undefined) return known;
  const content: unknown = JSON.parse(text);
  // What a process has room for; a plan's own files are far fewer.
  if (files.size >= 10_000) files.clear();
  files.set(text, content);
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
    for (const [file, text] of Object.entries(configMap.parse(resource.props).data ?? {})) {
      if (file.endsWith(".json"))
        yield* check({ urn: resource.urn, map: name, namespace, file, content: parsed(text) });
    }
  });
}
