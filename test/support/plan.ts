import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSettingsText } from "@breakwater/runtime/settings";
import { vi } from "vitest";
import type { PlannedResource } from "../../cli/plan/recorder.ts";
import { projectRoot } from "../../tools/paths.ts";

export type { PlannedResource } from "../../cli/plan/recorder.ts";

/** Sections of an environment, as its author writes them. */
export type Sections = Readonly<Record<string, unknown>>;

/** A shipped environment, as its author wrote it; a new copy each time. */
export function sectionsOf(environment: string): Record<string, unknown> {
  const file = join(projectRoot, "stacks", `Pulumi.${environment}.yaml`);
  return readSettingsText(file, readFileSync(file, "utf8")).content as Record<string, unknown>;
}

/** The environment that every checkout has. */
export function localSections(): Record<string, unknown> {
  return sectionsOf("local");
}

/** A digest for an image name, as an image builder would give it. */
export function builtReference(image: string): string {
  const digest = Buffer.from(image).toString("hex").padEnd(64, "0").slice(0, 64);
  return `docker.io/breakwater/${image}@sha256:${digest}`;
}

const IMAGES = ["cell", "cell-agent", "sandbox", "front-door", "router", "echo-model", "postgres", "vault"] as const;

/**
 * Records the program through the recorder of `breakwater plan`. The program is a module that runs when it is loaded,
 * so that each recording starts with no module loaded; recordings of one test file must follow one another.
 *
 * @param options.built whether the image lock names every image. @default true
 * @param options.environment name of the stack: names and tags of cloud resources begin with it. @default "local"
 */
export async function recordPlan(
  sections: Sections,
  { built = true, environment = "local" }: { readonly built?: boolean; readonly environment?: string } = {},
): Promise<readonly PlannedResource[]> {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-plan-"));
  const lock = join(folder, "lock.json");
  const entries = IMAGES.map((name) => [name, { reference: builtReference(name) }]);
  if (built) writeFileSync(lock, JSON.stringify(Object.fromEntries(entries)));
  vi.stubEnv("BREAKWATER_IMAGES", lock);
  vi.resetModules();
  try {
    const { recordProgram } = await import("../../cli/plan/recorder.ts");
    return await recordProgram(environment, sections);
  } finally {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  }
}

/** Whether a recorded value is one that only an update would know. */
export function isUnknown(value: unknown): boolean {
  return typeof value === "object" && value !== null && "__pulumiUnknown" in value;
}

/** Name and namespace as the cluster will see them. */
export interface ObjectName {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, unknown>>;
}

/** The metadata of a recorded Kubernetes object. */
export function metadataOf({ inputs }: PlannedResource): ObjectName {
  return inputs["metadata"] as ObjectName;
}

/** The spec of a recorded Kubernetes object, as far as `T` says. */
export function specOf<T>({ inputs }: PlannedResource): T {
  return inputs["spec"] as T;
}

/** The recorded objects of a kind, such as `NetworkPolicy`. */
export function ofKind(plan: readonly PlannedResource[], kind: string): readonly PlannedResource[] {
  return plan.filter(({ type }) => type.endsWith(`:${kind}`));
}

/** The one object of that kind, namespace and name; an error where there is none. */
export function objectAt(
  plan: readonly PlannedResource[],
  kind: string,
  namespace: string,
  name: string,
): PlannedResource {
  const found = ofKind(plan, kind).find((resource) => {
    const metadata = metadataOf(resource);
    return metadata.name === name && metadata.namespace === namespace;
  });
  if (found === undefined) throw new Error(`no ${kind} ${namespace}/${name} in the plan`);
  return found;
}

/** A recording without its order, which the runtime does not promise. */
export function unordered(plan: readonly PlannedResource[]): readonly PlannedResource[] {
  const byUrn = (a: { urn: string }, b: { urn: string }) => (a.urn < b.urn ? -1 : 1);
  return plan.map((resource) => ({ ...resource, dependencies: [...resource.dependencies].sort() })).sort(byUrn);
}

/** Every text inside a recorded value, with where it stands; keys are texts too. */
export function texts(value: unknown, path = ""): readonly { readonly path: string; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { path: `${path}.${key}`, text: key },
    ...texts(item, `${path}.${key}`),
  ]);
}
