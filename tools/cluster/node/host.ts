import { mkdir, readdir, readFile, readlink, rm, rmdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { command, mustRun } from "./command.ts";
import { kubeletDir, network, nodeDir, paths } from "./layout.ts";
import { bootId, terminate } from "./process.ts";

/** Kernel settings that the node needs, and those that the kubelet changes by itself; all are put back by `down`. */
export const neededSysctls: Readonly<Record<string, string>> = {
  "net/ipv4/ip_forward": "1",
  "net/bridge/bridge-nf-call-iptables": "1",
};
const changedByComponents = [
  "net/ipv4/conf/all/route_localnet",
  "net/bridge/bridge-nf-call-ip6tables",
  "net/ipv6/conf/all/forwarding",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

interface SavedSysctls {
  readonly bootId: string;
  readonly values: Readonly<Record<string, string>>;
}

const savedSysctls = (): string => nodeDir("sysctls.json");

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}

async function readSaved(): Promise<SavedSysctls | undefined> {
  const text = await readFile(savedSysctls(), "utf8").catch(absent);
  return text === undefined ? undefined : (JSON.parse(text) as SavedSysctls);
}

/** Remembers the kernel settings as they were before the first `up` since boot, then sets what the node needs. */
export async function applySysctls(): Promise<void> {
  const saved = await readSaved();
  if (saved?.bootId !== bootId()) {
    const values: Record<string, string> = {};
    for (const name of [...Object.keys(neededSysctls), ...changedByComponents]) {
      const value = await readFile(join("/proc/sys", name), "utf8").catch(absent);
      if (value !== undefined) values[name] = value.trim();
    }
    await writeFile(savedSysctls(), JSON.stringify({ bootId: bootId(), values }), { mode: 0o600 });
  }
  for (const [name, value] of Object.entries(neededSysctls)) await writeFile(join("/proc/sys", name), value);
}

/** Puts the kernel settings back as they were; nothing after a reboot, which did it already. */
export async function restoreSysctls(): Promise<void> {
  const saved = await readSaved();
  if (saved?.bootId === bootId()) {
    for (const [name, value] of Object.entries(saved.values)) {
      const path = join("/proc/sys", name);
      const now = (await readFile(path, "utf8").catch(absent))?.trim();
      if (now !== undefined && now !== value) await writeFile(path, value);
    }
  }
  await rm(savedSysctls(), { force: true });
}

/** The bridge that carries the node's address; there is no `dummy` device on every kernel. */
export async function ensureNodeDevice(): Promise<void> {
  const { nodeDevice, nodeAddress } = network;
  if ((await command(["ip", "link", "show", nodeDevice])).code !== 0) {
    await mustRun(["ip", "link", "add", nodeDevice, "type", "bridge"]);
  }
  await mustRun(["ip", "address", "replace", `${nodeAddress}/32`, "dev", nodeDevice]);
  await mustRun(["ip", "link", "set", nodeDevice, "up"]);
}

/** Network devices of the node: its two bridges and what is plugged into them. */
export async function nodeDevices(): Promise<readonly string[]> {
  const bridges: readonly string[] = [network.nodeDevice, network.podDevice];
  const there = (await links()).map(({ ifname }) => ifname).filter((name) => bridges.includes(name));
  return [...there, ...(await Promise.all(there.map(devicesOn))).flat()];
}

async function devicesOn(bridge: string): Promise<readonly string[]> {
  return (await links()).filter(({ master }) => master === bridge).map(({ ifname }) => ifname);
}

async function links(): Promise<readonly { readonly ifname: string; readonly master?: string }[]> {
  return JSON.parse((await mustRun(["ip", "-json", "link", "show"])) || "[]");
}

/** Deletes the node's network devices. A device that went with its peer meanwhile is no failure. */
export async function deleteNodeDevices(): Promise<void> {
  for (const device of (await nodeDevices()).toReversed()) await command(["ip", "link", "delete", device]);
}

/**
 * Mount points at or below our folders, deepest first, from a /proc/<pid>/mountinfo text. The kubelet mounts its own root
 * onto itself, which shows as a root other than "/"; a disk that somebody mounted there is not taken away.
 */
export function mountsBelow(mountinfo: string, folders: readonly string[]): readonly string[] {
  const unescaped = (text: string): string =>
    text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return mountinfo
    .split("\n")
    .map((line) => line.split(" "))
    .map(([, , , root = "/", path = ""]) => ({ root, path: unescaped(path) }))
    .filter(({ root, path }) =>
      folders.some((folder) => path.startsWith(`${folder}/`) || (path === folder && root !== "/")),
    )
    .map(({ path }) => path)
    .toReversed();
}

/** Mount points that belong to the node. */
export async function nodeMounts(folders: readonly string[] = [nodeDir(), kubeletDir]): Promise<readonly string[]> {
  return mountsBelow(await readFile("/proc/self/mountinfo", "utf8"), folders);
}

/** Unmounts everything below the folders; a busy mount is detached, and gone when its last user is. */
export async function unmountAll(folders: readonly string[] = [nodeDir(), kubeletDir]): Promise<void> {
  for (const path of await nodeMounts(folders)) {
    if ((await command(["umount", path])).code !== 0) await command(["umount", "--lazy", path]);
  }
}

/** Folders of the pods' control groups: one in each hierarchy of version 1, one in version 2. */
export async function podCgroups(): Promise<readonly string[]> {
  const roots = [
    "/sys/fs/cgroup",
    ...(await readdir("/sys/fs/cgroup")).map((controller) => join("/sys/fs/cgroup", controller)),
  ];
  const found: string[] = [];
  for (const root of roots) {
    const folder = join(root, "kubepods");
    if ((await readdir(folder).catch(absentOrFile)) !== undefined) found.push(folder);
  }
  return found;
}

function absentOrFile(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
  throw error;
}

/** Every process in a pod, whoever started it. */
export async function podProcesses(): Promise<readonly number[]> {
  const pids = new Set<number>();
  for (const folder of await podCgroups()) await collect(folder, pids);
  return [...pids];
}

async function collect(folder: string, pids: Set<number>): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(absentOrFile)) ?? [];
  for (const entry of entries) {
    if (entry.isDirectory()) await collect(join(folder, entry.name), pids);
    if (entry.name !== "cgroup.procs") continue;
    const text = (await readFile(join(folder, entry.name), "utf8").catch(absentGroup)) ?? "";
    for (const pid of text.split("\n")) if (pid !== "") pids.add(Number(pid));
  }
}

/** A control group that goes between opening its list and reading it gives ENODEV (seen 2026-12-01). */
function absentGroup(error: NodeJS.ErrnoException): undefined {
  return error.code === "ENODEV" ? undefined : absent(error);
}

/** Removes the pods' control groups, which are empty by then. */
export async function removePodCgroups(): Promise<void> {
  for (const folder of await podCgroups()) await removeTree(folder);
}

async function removeTree(folder: string): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true }).catch(absentOrFile)) ?? [];
  for (const entry of entries) if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  await rmdir(folder).catch(absent);
}

/** Sockets of dead shims, which containerd keeps outside its state folder, and other small remains outside ours. */
export async function removeStrays(): Promise<void> {
  const listening = await readFile("/proc/net/unix", "utf8");
  await removeFrom("/run/containerd/s", (path) => !listening.includes(path));
  const results = "/var/lib/cni/results";
  const ids = ((await readdir(results).catch(absent)) ?? []).flatMap((name) => podIdOf(name) ?? []);
  await removeFrom(results, (path) => ids.some((id) => path.includes(id)));
  const logs = "/var/log/containers";
  for (const name of (await readdir(logs).catch(absent)) ?? []) {
    if ((await readlink(join(logs, name))).startsWith(nodeDir())) await unlink(join(logs, name));
  }
  for (const folder of ["/run/containerd/s", "/run/containerd", results, "/var/lib/cni", logs]) {
    await rmdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (!["ENOENT", "ENOTEMPTY", "EEXIST", "EBUSY"].includes(error.code ?? "")) throw error;
    });
  }
}

/** The pod whose place in our network the CNI plugins noted under this file name. */
function podIdOf(name: string): string | undefined {
  return name.startsWith(`${network.podNetworkName}-`) ? /-([0-9a-f]{64})-/.exec(name)?.[1] : undefined;
}

async function removeFrom(folder: string, condition: (path: string) => boolean): Promise<void> {
  for (const name of (await readdir(folder).catch(absent)) ?? []) {
    if (condition(join(folder, name))) await rm(join(folder, name), { force: true });
  }
}

/**
 * What a dead containerd and dead shims leave behind: after a reboot mounts and addresses; without one also the pods'
 * processes, which nobody watches any more and which would run beside their successors.
 */
export async function clearDeadPods(): Promise<void> {
  await terminate(await podProcesses(), 0);
  for (const device of await devicesOn(network.podDevice)) await command(["ip", "link", "delete", device]);
  await unmountAll([nodeDir()]);
  const folders = [
    paths.containerdState(),
    paths.leases(),
    nodeDir("containerd", "runc"),
    nodeDir("containerd", "runsc"),
  ];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  await removePodCgroups();
  await removeStrays();
  await mkdir(paths.leases(), { recursive: true });
}
