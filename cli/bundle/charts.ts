import type { PlannedResource } from "../plan/recorder.ts";
import type { BundledChart } from "./bundle.ts";
import { type Fields, textAt } from "./walk.ts";

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
