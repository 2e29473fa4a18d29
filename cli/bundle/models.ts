import type { PlannedResource } from "../plan/recorder.ts";
import { type Fields, objectsIn, textAt, textsIn } from "./walk.ts";

/** Weights of a model. */
export interface BundledModel {
  /** Name that it is served under. */
  readonly name: string;
  readonly source: string;
}

/** The weights that a resource fetches: a cache of the NIM operator, or a Job that fills a volume from a mirror. */
export function modelsIn({ type, inputs }: PlannedResource): readonly BundledModel[] {
  if (type.endsWith(":NIMCache")) return [{ name: nameOf(inputs), source: nimSource(inputs) }];
  if (!type.endsWith(":Job") || !textsIn(inputs).some((text) => text.endsWith("/fill-model.py"))) return [];
  const source = textsIn(inputs).find((text) => /^(https|oci):\/\//.test(text)) ?? "";
  return [{ name: nameOf(inputs).replace(/-fill$/, ""), source }];
}

function nameOf(inputs: Fields): string {
  return textAt((inputs["metadata"] ?? {}) as Fields, "name") ?? "";
}

/** A mirror where one is named, else NVIDIA's registry, to which the image knows the way. */
function nimSource(inputs: Fields): string {
  const override = objectsIn(inputs).find((fields) => fields["name"] === "NIM_REPOSITORY_OVERRIDE");
  const mirror = override === undefined ? undefined : textAt(override, "value");
  if (mirror !== undefined) return mirror;
  const puller = objectsIn(inputs).flatMap((fields) => textAt(fields, "modelPuller") ?? [])[0];
  return `NVIDIA NGC, by ${puller ?? "its image"}`;
}
