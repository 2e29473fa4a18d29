import { createHash } from "node:crypto";
import { Resolver } from "node:dns/promises";
import { readFileSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { ensureGoTools } from "../../go/index.ts";
import { hasSysResource } from "../../go/prepare.ts";
import { SYSTEM_FOLDERS } from "../../packages.ts";
import { type Progress, tracked } from "../../progress.ts";
import { command } from "./command.ts";
import { type Binaries, type Component, components, nodeTools } from "./components.ts";
import { configurationFiles, folders, writeConfiguration } from "./configuration.ts";
import { applySysctls, clearDeadPods, ensureNodeDevice } from "./host.ts";
import { ensureProgramImage, NodeImages, programImage } from "./images.ts";
import { kubeletOwnerFile, network, nodeDir, paths } from "./layout.ts";
import { clusterObjects } from "./objects.ts";
import { ensurePki } from "./pki.ts";
import { preflight, prepareFolders } from "./preflight.ts";
import { livingRecord, markedProcesses, startDetached, stopComponent, until } from "./process.ts";
import { nodeIsReady } from "./status.ts";

/** The programs of the node, built when they are not. */
export function nodeBinaries(progress: Progress): Promise<Binaries> {
  return ensureGoTools(nodeTools, progress);
}

/** Brings the node up, or back up: what runs as configured is left alone, everything else is started again. */
export async function nodeUp(installPackages: boolean, progress: Progress): Promise<Binaries> {
  await preflight(installPackages, progress);
  const binaries = await nodeBinaries(progress);
  const images = {
    pause: await programImage("pause", binaries.pause),
    dns: await programImage("coredns", binaries.coredns),
  };
  await tracked(progress, "Preparing the node", async () => {
    await prepareFolders(folders());
    await writeFile(kubeletOwnerFile, `${nodeDir()}\n`);
    await ensurePki(Date.now());
    await writeConfiguration(
      configurationFiles({
        pauseImage: images.pause.reference,
        runscPath: binaries.runsc,
        mayLowerOomScore: hasSysResource(readFileSync("/proc/self/status", "utf8")),
      }),
    );
    await applySysctls();
    await ensureNodeDevice();
    if (!(await podsMayLive())) await clearDeadPods();
  });
  const store = new NodeImages(binaries.ctr);
  await tracked(progress, "Starting etcd, containerd and the API server", async () => {
    await startAll(
      components.filter(({ needsApi }) => !needsApi),
      binaries,
    );
    await Promise.all([
      waitReady("etcd", binaries),
      waitReady("kube-apiserver", binaries),
      waitReady("containerd", binaries).then(async () => {
        await ensureProgramImage(store, images.pause);
        await ensureProgramImage(store, images.dns);
      }),
    ]);
  });
  await tracked(progress, "Starting the node's other components", async () => {
    await startAll(
      components.filter(({ needsApi }) => needsApi),
      binaries,
    );
    await apply(binaries.kubectl, clusterObjects(images.dns.reference));
    await Promise.all(components.map(({ name }) => waitReady(name, binaries)));
  });
  await tracked(progress, "Waiting for the node and its DNS", async () => {
    await waitFor("node", () => nodeIsReady(binaries.kubectl));
    await waitFor("coredns", () => dnsIsReady(binaries.kubectl));
  });
  return binaries;
}

/** Whether containerd or a shim runs: then pods may live, and what they use must be left alone. */
async function podsMayLive(): Promise<boolean> {
  if ((await livingRecord("containerd")) !== undefined) return true;
  return (await markedProcesses()).some(({ commandLine }) => commandLine.includes("containerd-shim-"));
}

async function startAll(wanted: readonly Component[], binaries: Binaries): Promise<void> {
  for (const component of wanted) await ensureRunning(component, binaries);
}

async function ensureRunning(component: Component, binaries: Binaries): Promise<void> {
  const argv = component.argv(binaries);
  const path = [...new Set(Object.values(binaries).map((binary) => dirname(binary))), ...SYSTEM_FOLDERS].join(":");
  const environment = { PATH: path, HOME: "/root", LANG: "C.UTF-8", ...component.environment };
  const fingerprint = await fingerprintOf(component, [...argv, JSON.stringify(environment)]);
  const living = await livingRecord(component.name);
  if (living?.fingerprint === fingerprint) return;
  await stopComponent(component.name, 10_000);
  if (component.name === "containerd") await rm(paths.containerdSocket(), { force: true });
  await startDetached(component.name, argv, environment, fingerprint);
}

async function fingerprintOf(component: Component, argv: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(argv));
  for (const file of component.reads) hash.update(await readFile(file));
  return hash.digest("hex");
}

async function waitReady(name: string, binaries: Binaries): Promise<void> {
  const component = components.find((candidate) => candidate.name === name);
  if (component === undefined) throw new Error(`no component ${name}`);
  await waitFor(name, async () => {
    if ((await livingRecord(name)) === undefined) await refuseDead(name, "it ended by itself");
    return component.ready(binaries);
  });
}

/** A cold start takes about 20 s on 2 cores (measured 2026-11-23); six times that is no longer a start. */
const readyLimitMs = 120_000;

async function waitFor(name: string, condition: () => Promise<boolean>): Promise<void> {
  if (!(await until(condition, readyLimitMs, 100))) await refuseDead(name, `not ready after ${readyLimitMs / 1000} s`);
}

async function refuseDead(name: string, got: string): Promise<never> {
  const log = components.some((component) => component.name === name) ? paths.log(name) : paths.log("kubelet");
  const text = await readFile(log, "utf8").catch(() => "");
  const last = text.trim().split("\n").at(-1)?.slice(0, 400) ?? "";
  refuse({
    code: "cluster/component",
    path: name,
    got: last === "" ? got : `${got}; its log ends: ${last}`,
    expected: "running and ready",
    remedy: `read ${log}, then run \`breakwater cluster up\` again`,
  });
}

async function apply(kubectl: string, objects: readonly unknown[]): Promise<void> {
  const list = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const args = ["apply", "--server-side", "--force-conflicts", "--field-manager=breakwater-node", "-f", "-"];
  let said = "";
  const applied = await until(
    async () => {
      const argv = [kubectl, "--kubeconfig", paths.kubeconfig("admin"), ...args];
      const result = await command(argv, { input: list, timeoutMs: 30_000 });
      said = result.stderr.trim();
      return result.code === 0;
    },
    30_000,
    500,
  );
  if (!applied) await refuseDead("kube-apiserver", `refused the node's own objects: ${said}`);
}

/** Whether the current CoreDNS answers. The Deployment alone does not tell: after a crash it still shows the time before. */
async function dnsIsReady(kubectl: string): Promise<boolean> {
  const jsonpath =
    "{.status.observedGeneration}/{.metadata.generation}/{.status.readyReplicas}/{.status.updatedReplicas}";
  const args = ["-n", "kube-system", "get", "deployment", "coredns", "-o", `jsonpath=${jsonpath}`];
  const result = await command([kubectl, "--kubeconfig", paths.kubeconfig("admin"), ...args], { timeoutMs: 8000 });
  const [observed, generation, ready, updated] = result.stdout.split("/");
  if (result.code !== 0 || observed !== generation || ready !== "1" || updated !== "1") return false;
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([network.dnsAddress]);
  return resolver.resolve4("kubernetes.default.svc.cluster.local").then(
    (addresses) => addresses.includes(network.apiServiceAddress),
    () => false,
  );
}
