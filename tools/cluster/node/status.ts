import type { Problem } from "@breakwater/runtime/problems";
import type { ComponentStatus } from "../types.ts";
import { command } from "./command.ts";
import { type Binaries, components } from "./components.ts";
import { nodeName, paths } from "./layout.ts";
import { livingRecord, memoryMiB, readRecord } from "./process.ts";

/** State of every component, looked at all at once. */
export function componentStatuses(binaries: Binaries): Promise<readonly ComponentStatus[]> {
  return Promise.all(
    components.map(async ({ name, ready }) => {
      const [recorded, living] = await Promise.all([readRecord(name), livingRecord(name)]);
      const log = paths.log(name);
      if (living === undefined) return { name, state: recorded ? "dead" : "stopped", ready: false, log } as const;
      const memory = await memoryMiB(living.pid);
      return {
        name,
        state: "running",
        pid: living.pid,
        ...(memory === undefined ? {} : { memoryMiB: memory }),
        ready: await ready(binaries),
        log,
      } as const;
    }),
  );
}

/** Whether the API server calls the node Ready. */
export async function nodeIsReady(kubectl: string): Promise<boolean> {
  const jsonpath = '{.status.conditions[?(@.type=="Ready")].status}';
  const args = ["get", "node", nodeName, "-o", `jsonpath=${jsonpath}`, "--request-timeout=5s"];
  const result = await command([kubectl, "--kubeconfig", paths.kubeconfig("admin"), ...args], { timeoutMs: 8000 });
  return result.code === 0 && result.stdout === "True";
}

/** What is wrong with a node that should be up; nothing for one that was never started or was stopped. */
export function statusProblems(statuses: readonly ComponentStatus[], nodeReady: boolean): readonly Problem[] {
  if (statuses.every(({ state }) => state === "stopped")) return [];
  const remedy = "run `breakwater cluster up`, which restarts it";
  const found = statuses.flatMap(({ name, state, ready, log }): readonly Problem[] => {
    if (state === "running" && ready) return [];
    const got = state === "running" ? "running but not ready" : state;
    return [
      { code: "cluster/component", path: name, got, expected: "running and ready", remedy: `${remedy}; see ${log}` },
    ];
  });
  if (found.length > 0 || nodeReady) return found;
  return [{ code: "cluster/node-not-ready", path: nodeName, got: "not Ready", expected: "Ready", remedy }];
}
