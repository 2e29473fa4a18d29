import type { PlannedResource } from "../plan/recorder.ts";
import { type Fields, textAt } from "./walk.ts";

/** A Helm chart at its version. */
export interface BundledChart {
  readonly name: string;
  readonly version: string;
  /** Repository or registry that it comes from; empty where the plan leaves that to an update. */
  readonly repository: string;
}

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** The chart of a Helm release. */
export function chartOf({ type, inputs }: PlannedResource): readonly BundledChart[] {
  if (type !== RELEASE) return [];
  const chart = textAt(inputs, "chart") ?? "";
  const version = textAt(inputs, "version") ?? "";
  if (chart.startsWith("oci://")) {
    const end = chart.lastIndexOf("/");
    return [{ name: chart.slice(end + 1), version, repository: chart.slice(0, end) }];
  }
  const options = (inputs["repositoryOpts"] ?? {}) as Fields;
  return [{ name: chart, version, repository: textAt(options, "repo") ?? "" }];
}
