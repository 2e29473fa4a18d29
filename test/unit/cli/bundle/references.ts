import type { Bundle } from "../../../../cli/bundle/bundle.ts";
import type { PlannedResource } from "../../../../cli/plan/recorder.ts";

/** One place of a manifest that names something from elsewhere. */
interface Named {
  readonly where: string;
  readonly text: string;
}

/**
 * Everything in a plan that looks like a reference: written apart from the list, by what references look like and not by
 * where manifests have them.
 */
export function referencesIn(plan: readonly PlannedResource[]): readonly Named[] {
  return plan.flatMap((resource) => {
    if (!resource.type.startsWith("kubernetes:")) return [];
    const found: Named[] = [];
    JSON.stringify(resource.inputs, (key, value: unknown) => {
      if (typeof value === "string") found.push(...namedBy(key, value, resource.urn));
      return value;
    });
    return found;
  });
}

const URL_SHAPE = /\b(?:https?|oci):\/\/[A-Za-z0-9.-]+\.[A-Za-z]{2,}(?::\d+)?/g;
const IMAGE_SHAPE =
  /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?\/[a-z0-9][a-z0-9._/-]*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/;

function namedBy(key: string, value: string, urn: string): readonly Named[] {
  const inside = /\.svc(\.|$)|\.local$/;
  const urls = (value.match(URL_SHAPE) ?? []).filter((url) => !inside.test(url.replace(/:\d+$/, "")));
  const isImage = ["image", "repository", "modelPuller"].includes(key) && IMAGE_SHAPE.test(value);
  const isChart = key === "chart" && value !== "";
  return [...urls, ...(isImage || isChart ? [value] : [])].map((text) => ({ where: `${urn} ${key}`, text }));
}

/** Those that a list leaves out. */
export function missingFrom(bundle: Bundle, plan: readonly PlannedResource[]): readonly Named[] {
  const listed = [
    ...bundle.images.map(({ reference }) => reference),
    ...bundle.charts.flatMap(({ name, repository }) => [name, repository, `${repository}/${name}`]),
    ...bundle.models.map(({ source }) => source),
    ...bundle.addresses,
  ];
  const ours = bundle.images.flatMap(({ reference, state }) =>
    state === "not built yet" ? [`/${reference.split("/").at(-1)}@sha256:`] : [],
  );
  return referencesIn(plan).filter(
    ({ text }) => !listed.some((item) => item.startsWith(text)) && !ours.some((image) => text.includes(image)),
  );
}
