import { access, rm } from "node:fs/promises";
import { refuse } from "@breakwater/runtime/problems";
import { type Progress, tracked } from "../../progress.ts";
import { components } from "./components.ts";
import { nodeRules, nodeSets, removeNodeRules, removeNodeSets } from "./firewall.ts";
import {
  deleteNodeDevices,
  nodeDevices,
  nodeMounts,
  podCgroups,
  podProcesses,
  removePodCgroups,
  removeStrays,
  restoreSysctls,
  unmountAll,
} from "./host.ts";
import { kubeletDir, nodeDir } from "./layout.ts";
import { markedProcesses, stopComponent, terminate, until } from "./process.ts";

/** How long a pod may take to write down what it has, when its data is to be kept. */
const podGraceMs = 8_000;

/** Stops the node and removes what it left on the machine; harmless when nothing runs, and after a crash of `up` or `down`. */
export async function nodeDown(keepData: boolean, progress: Progress): Promise<void> {
  if (!(await isOurs())) return;
  await tracked(progress, "Stopping the node", async () => {
    await stopComponent("kubelet", 5_000);
    await stopPods(keepData);
    const stop = ({ name }: { readonly name: string }): Promise<void> => stopComponent(name, 10_000);
    await Promise.all(components.filter(({ needsApi }) => needsApi).map(stop));
    for (const component of components.filter(({ needsApi }) => !needsApi).toReversed()) await stop(component);
    await terminate(
      (await markedProcesses()).map(({ pid }) => pid),
      2_000,
    );
  });
  await tracked(progress, "Removing what it left on this machine", async () => {
    await unmountAll();
    await deleteNodeDevices();
    await removeNodeRules();
    await removeNodeSets();
    await removePodCgroups();
    await removeStrays();
    await restoreSysctls();
    await removeData(keepData);
  });
  const left = await leftovers();
  if (left.length > 0) {
    refuse({
      code: "cluster/leftovers",
      path: "cluster down",
      got: left.join("; "),
      expected: "nothing of the node on this machine",
      remedy: "run `breakwater cluster down` again; if it stays, reboot the machine",
    });
  }
}

/** Whether there is anything of a node of ours: a machine where none ever ran, or with another kubelet, is left alone. */
async function isOurs(): Promise<boolean> {
  const there = access(nodeDir()).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  return (await there) || (await markedProcesses()).length > 0;
}

/** Ends every process of every pod, then the shims that watched them. */
async function stopPods(gently: boolean): Promise<void> {
  // New processes can appear while the others end: an init that is waited for by its parent, a container that restarts.
  const emptied = await until(
    async () => {
      const pids = await podProcesses();
      if (pids.length > 0) await terminate(pids, gently ? podGraceMs : 0);
      return (await podProcesses()).length === 0;
    },
    30_000,
    100,
  );
  if (!emptied) throw new Error(`processes in pods did not end: ${(await podProcesses()).join(", ")}`);
}

async function removeData(keepData: boolean): Promise<void> {
  if (keepData) return;
  const mounts = await nodeMounts();
  // Deleting through a mount would delete what is mounted there.
  if (mounts.length > 0) throw new Error(`still mounted, nothing was deleted: ${mounts.join(", ")}`);
  // The node's own folder goes last: as long as it is there, the next `down` knows that it has something to do.
  await rm(kubeletDir, { recursive: true, force: true });
  await rm(nodeDir(), { recursive: true, force: true });
}

/** Everything of the node that is on this machine now besides its data, one line each. */
export async function leftovers(): Promise<readonly string[]> {
  const [processes, pods, mounts, devices, rules, sets, cgroups] = await Promise.all([
    markedProcesses(),
    podProcesses(),
    nodeMounts(),
    nodeDevices(),
    nodeRules(),
    nodeSets(),
    podCgroups(),
  ]);
  return [
    ...processes.map(({ pid, commandLine }) => `process ${pid}: ${commandLine.slice(0, 120)}`),
    ...pods.map((pid) => `process ${pid} in a pod`),
    ...mounts.map((path) => `mount ${path}`),
    ...devices.map((name) => `network device ${name}`),
    ...rules.map((rule) => `rule ${rule}`),
    ...sets.map((name) => `ipset ${name}`),
    ...cgroups.map((path) => `control group ${path}`),
  ];
}
