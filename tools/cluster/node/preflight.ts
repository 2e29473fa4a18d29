import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, readlink, statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { hasCommand, installPackages } from "../../packages.ts";
import { type Progress, tracked } from "../../progress.ts";
import { command } from "./command.ts";
import { frontDoorPort, kubeletDir, kubeletOwnerFile, network, nodeDir, ports } from "./layout.ts";
import { markedProcesses, until } from "./process.ts";
import { type MachineFacts, nodeProblems, packageOf, packagesFor } from "./requirements.ts";

/** Where CNI plugins lie: Debian's folder and the plugins' own. */
const CNI_FOLDERS = ["/usr/lib/cni", "/opt/cni/bin"];

/** Names everything that keeps the node from running. @throws ProblemError `cluster/*`, all at once */
export async function preflight(mayInstall: boolean, progress: Progress): Promise<void> {
  let facts = await gatherFacts();
  if (mayInstall && facts.root && facts.hasApt && facts.missing.length > 0) {
    const packages = packagesFor(facts.missing);
    await tracked(progress, `Installing ${packages.join(" ")}`, () => install(packages));
    facts = await gatherFacts();
  }
  const [first, ...others] = nodeProblems(facts);
  if (first !== undefined) throw new ProblemError([first, ...others]);
}

/** Debian starts etcd as a service of its own at once, on the port that the node's own needs. */
async function install(packages: readonly string[]): Promise<void> {
  await installPackages(packages);
  if (packages.includes("etcd-server") && (await present("systemctl"))) {
    await command(["systemctl", "disable", "--now", "--quiet", "etcd"]);
  }
}

async function gatherFacts(): Promise<MachineFacts> {
  if (process.platform !== "linux") return nothingKnown();
  const missing = await missingCommands();
  const root = process.getuid?.() === 0;
  if (root) await loadModules();
  const saved = missing.includes("iptables-save") || !root ? undefined : await command(["iptables-save"]);
  return {
    ...nothingKnown(),
    root,
    hasApt: await present("apt-get"),
    missing,
    takenPorts: await takenPorts(),
    freeDiskBytes: await freeDisk(),
    memoryBytes: totalmem(),
    foreignKubelet: await foreignKubelet(),
    bridgeNetfilter: await exists("/proc/sys/net/bridge/bridge-nf-call-iptables"),
    iptablesFailure: saved === undefined || saved.code === 0 ? undefined : saved.stderr.trim(),
    hasOverlay: /\boverlay$/m.test(await readFile("/proc/filesystems", "utf8")),
    clashingRoutes: missing.includes("ip") ? [] : await clashingRoutes(),
  };
}

function nothingKnown(): MachineFacts {
  return {
    platform: process.platform,
    arch: process.arch,
    root: false,
    hasApt: false,
    missing: [],
    takenPorts: [],
    freeDiskBytes: 0,
    memoryBytes: 0,
    foreignKubelet: false,
    bridgeNetfilter: false,
    iptablesFailure: undefined,
    hasOverlay: false,
    clashingRoutes: [],
  };
}

function exists(path: string, mode: number = constants.F_OK): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

async function present(name: string): Promise<boolean> {
  if (!name.startsWith("cni:")) return hasCommand(name);
  const plugin = name.slice("cni:".length);
  const found = await Promise.all(CNI_FOLDERS.map((folder) => exists(join(folder, plugin), constants.X_OK)));
  return found.includes(true);
}

async function missingCommands(): Promise<readonly string[]> {
  const names = Object.keys(packageOf);
  const there = await Promise.all(names.map(present));
  return names.filter((_, index) => !there[index]);
}

/** Built into many kernels; where they are neither built in nor loadable, the facts show it. */
async function loadModules(): Promise<void> {
  for (const module of ["br_netfilter", "overlay"]) await command(["modprobe", "--quiet", module]);
}

/** Listening TCP ports and the inode of their socket, from a /proc/net/tcp text. */
export function listeners(text: string): readonly { readonly port: number; readonly inode: string }[] {
  return text
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A")
    .map((fields) => ({ port: Number.parseInt(fields[1]?.split(":")[1] ?? "0", 16), inode: fields[9] ?? "" }));
}

/** Ports that others hold. A socket whose process was just killed has no holder for a moment; that moment is waited out. */
async function takenPorts(): Promise<MachineFacts["takenPorts"]> {
  let taken: MachineFacts["takenPorts"] = [];
  await until(async () => {
    taken = await lookAtPorts();
    return !taken.some(({ holder }) => holder === unseen);
  }, 3_000);
  return taken;
}

const unseen = "a process that cannot be seen";

async function lookAtPorts(): Promise<MachineFacts["takenPorts"]> {
  const wanted: readonly number[] = [frontDoorPort, ...Object.values(ports)];
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const taken = tables.flatMap(listeners).filter(({ port }) => wanted.includes(port));
  if (taken.length === 0) return [];
  const ours = new Set((await Promise.all((await markedProcesses()).map(({ pid }) => socketsOf(pid)))).flat());
  const foreign = taken.filter(({ inode }) => !ours.has(inode));
  const found = new Map<number, string>();
  for (const { port, inode } of foreign) found.set(port, await holderOf(inode));
  return [...found].map(([port, holder]) => ({ port, holder }));
}

/** Inodes of the sockets that a process holds; none for one that has ended or may not be looked into. */
async function socketsOf(pid: number | string): Promise<readonly string[]> {
  const folder = `/proc/${pid}/fd`;
  const descriptors = await readdir(folder).catch(() => []);
  const links = await Promise.all(descriptors.map((name) => readlink(join(folder, name)).catch(() => "")));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

async function holderOf(inode: string): Promise<string> {
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (!(await socketsOf(pid)).includes(inode)) continue;
    const name = (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "process")).trim();
    return `${name} (process ${pid})`;
  }
  return unseen;
}

async function freeDisk(): Promise<number> {
  let folder = nodeDir();
  while (!(await exists(folder))) folder = join(folder, "..");
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function foreignKubelet(): Promise<boolean> {
  if (await exists(kubeletOwnerFile)) return false;
  const entries = (await exists(kubeletDir)) ? await readdir(kubeletDir) : [];
  return entries.length > 0;
}

async function clashingRoutes(): Promise<readonly string[]> {
  const routes = JSON.parse((await command(["ip", "-json", "route", "show"])).stdout || "[]") as readonly {
    readonly dst: string;
    readonly dev?: string;
  }[];
  const own: readonly string[] = [network.podDevice, network.nodeDevice];
  return routes
    .filter(({ dst, dev }) => /^10\.(244|96|200\.0)\./.test(dst) && !own.includes(dev ?? ""))
    .map(({ dst, dev }) => `${dst} dev ${dev ?? "?"}`);
}

/** Marks the kubelet's folder as this node's. */
export async function prepareFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) await mkdir(folder, { recursive: true });
}
