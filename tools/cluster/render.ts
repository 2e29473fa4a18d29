import { formatProblem } from "@breakwater/runtime/problems";
import type { ClusterStatus } from "./types.ts";

/** The status as a person reads it. */
export function renderClusterStatus(status: ClusterStatus): string {
  const { kind, reason, components, nodeReady, problems, ok } = status;
  const lines = [`cluster: ${kind} (${reason})`];
  const width = Math.max(0, ...components.map(({ name }) => name.length));
  for (const { name, state, pid, memoryMiB, ready } of components) {
    const details =
      state === "running" ? `process ${pid}, ${memoryMiB ?? "?"} MiB, ${ready ? "ready" : "not ready"}` : "";
    lines.push(`  ${name.padEnd(width)}  ${state}${details === "" ? "" : `, ${details}`}`);
  }
  if (components.some(({ state }) => state === "running")) lines.push(`node: ${nodeReady ? "Ready" : "not Ready"}`);
  lines.push(...problems.map(formatProblem));
  if (!ok && problems.length === 0) lines.push("not running; start it with `breakwater cluster up`");
  return lines.join("\n");
}
