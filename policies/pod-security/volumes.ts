import type { Volume } from "./pod.ts";

/** The types of source that a volume has set. None: the API server makes it an emptyDir. */
export function sourcesOf(volume: Volume): readonly string[] {
  return Object.entries(volume)
    .filter(([key, value]) => key !== "name" && value !== null && value !== undefined)
    .map(([key]) => key);
}
