import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { type Cluster, clusterStatus } from "../tools/cluster/index.ts";
import type { Figure } from "./table.ts";

const MIB = 1024 * 1024;
const CGROUPS = "/sys/fs/cgroup";

/** Memory of the node's own components and of each pod, as the kernel counts it. */
export async function memoryFigures(cluster: Cluster): Promise<readonly Figure[]> {
  const { components } = await clusterStatus();
  const node = components.flatMap(({ name, memoryMiB }) =>
    memoryMiB === undefined ? [] : [{ what: `memory of node component ${name}`, mib: memoryMiB }],
  );
  const pods = await podMemory(cluster.kubeconfig);
  const total = [...node, ...pods].reduce((sum, { mib }) => sum + mib, 0);
  return [...node, ...pods, { what: "memory of all parts", mib: total }].map(({ what, mib }) => ({
    what,
    measured: `${Math.round(mib)} MiB`,
  }));
}

async function podMemory(kubeconfig: string): Promise<readonly { readonly what: string; readonly mib: number }[]> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
  const groups = existsSync(CGROUPS) ? podGroups(CGROUPS) : new Map<string, string>();
  return items.flatMap(({ metadata }) => {
    const folder = groups.get((metadata?.uid ?? "").replaceAll("-", "_"));
    const bytes = folder === undefined ? undefined : memoryBytes(folder);
    return bytes === undefined
      ? []
      : [{ what: `memory of pod ${metadata?.namespace}/${metadata?.name}`, mib: bytes / MIB }];
  });
}

/** Control groups of pods by uid, under either driver and either version. */
function podGroups(root: string): ReadonlyMap<string, string> {
  const start = existsSync(join(root, "memory")) ? join(root, "memory") : root;
  const found = new Map<string, string>();
  const walk = (folder: string, depth: number): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const path = join(folder, entry.name);
      const uid = /pod([0-9a-f]{8}[-_][0-9a-f_-]{27})/.exec(entry.name)?.[1];
      if (uid !== undefined) found.set(uid.replaceAll("-", "_"), path);
      else if (depth < 6) walk(path, depth + 1);
    }
  };
  walk(start, 0);
  return found;
}

function memoryBytes(folder: string): number | undefined {
  const file = ["memory.current", "memory.usage_in_bytes"].map((name) => join(folder, name)).find(existsSync);
  return file === undefined ? undefined : Number(readFileSync(file, "utf8").trim());
}
