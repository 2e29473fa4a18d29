import { type Problem, ProblemError, refuse } from "@breakwater/runtime/problems";
import { command } from "./node/command.ts";
import { frontDoorPort } from "./node/layout.ts";
import type { Cluster, ClusterStatus } from "./types.ts";

/** Runs kubectl against a cluster that is not ours. */
async function kubectl(kubeconfig: string, args: readonly string[]): ReturnType<typeof command> {
  return command(["kubectl", "--kubeconfig", kubeconfig, "--request-timeout=10s", ...args], { timeoutMs: 20_000 });
}

interface Named {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/** What a cluster must have before anything is deployed there. Empty when all of it is there. */
export function missingParts(runtimeClasses: readonly Named[], storageClasses: readonly Named[]): readonly Problem[] {
  const found: Problem[] = [];
  const names = (items: readonly Named[]): string => items.map(({ metadata }) => metadata.name).join(", ") || "none";
  if (!runtimeClasses.some(({ metadata }) => metadata.name === "gvisor")) {
    found.push({
      code: "cluster/no-gvisor",
      path: "RuntimeClass",
      got: names(runtimeClasses),
      expected: "gvisor",
      remedy: "install gVisor on the nodes and create RuntimeClass gvisor; sandboxes run nowhere else",
    });
  }
  const isDefault = ({ metadata }: Named): boolean =>
    metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true";
  if (!storageClasses.some(isDefault)) {
    found.push({
      code: "cluster/no-storage",
      path: "StorageClass",
      got: `${names(storageClasses)}, none of them default`,
      expected: "a default StorageClass",
      remedy: "create one, or mark one with storageclass.kubernetes.io/is-default-class=true",
    });
  }
  return found;
}

/** Problems of the user's cluster, as its API server tells them. */
async function foreignProblems(kubeconfig: string): Promise<readonly Problem[]> {
  const [runtimes, storages] = await Promise.all([
    kubectl(kubeconfig, ["get", "runtimeclasses", "-o", "json"]),
    kubectl(kubeconfig, ["get", "storageclasses", "-o", "json"]),
  ]);
  for (const result of [runtimes, storages]) {
    if (result.code === 0) continue;
    const got = result.stderr.trim().split("\n").at(-1) ?? `exit ${result.code}`;
    const remedy = "install kubectl and point KUBECONFIG at a cluster that answers, or unset KUBECONFIG";
    return [{ code: "cluster/unreachable", path: kubeconfig, got, expected: "an API server that answers", remedy }];
  }
  const items = (text: string): readonly Named[] => (JSON.parse(text) as { readonly items: readonly Named[] }).items;
  return missingParts(items(runtimes.stdout), items(storages.stdout));
}

/** The user's cluster: checked, never started, stopped or changed. @throws ProblemError */
export async function foreignCluster(kubeconfig: string): Promise<Cluster> {
  const [first, ...others] = await foreignProblems(kubeconfig);
  if (first !== undefined) throw new ProblemError([first, ...others]);
  return {
    kind: "kubeconfig",
    kubeconfig,
    frontDoorAddress: `${await nodeAddress(kubeconfig)}:${frontDoorPort}`,
    importImage: async (archivePath, reference) =>
      refuse({
        code: "cluster/image-import",
        path: archivePath,
        got: "a cluster that Breakwater does not run",
        expected: "a registry that its nodes pull from",
        remedy: `push the archive to your registry as ${reference}`,
      }),
    hasImage: async (reference) => {
      const names = await kubectl(kubeconfig, ["get", "nodes", "-o", "jsonpath={.items[*].status.images[*].names[*]}"]);
      return names.code === 0 && names.stdout.split(" ").includes(reference);
    },
  };
}

async function nodeAddress(kubeconfig: string): Promise<string> {
  const jsonpath = '{.items[0].status.addresses[?(@.type=="InternalIP")].address}';
  return (await kubectl(kubeconfig, ["get", "nodes", "-o", `jsonpath=${jsonpath}`])).stdout.trim();
}

export async function foreignStatus(kubeconfig: string, reason: string): Promise<ClusterStatus> {
  const problems = await foreignProblems(kubeconfig);
  const ok = problems.length === 0;
  const up = !problems.some(({ code }) => code === "cluster/unreachable");
  return { kind: "kubeconfig", reason, up, ok, kubeconfig, components: [], nodeReady: ok, problems };
}
