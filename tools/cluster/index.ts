import { access } from "node:fs/promises";
import { exclusively } from "../exclusive.ts";
import { hasCommand } from "../packages.ts";
import { type Progress, silent, tracked } from "../progress.ts";
import { foreignCluster, foreignStatus } from "./foreign.ts";
import { kindCluster, kindDown, kindKubeconfig, kindUp } from "./kind.ts";
import { command } from "./node/command.ts";
import { nodeDown } from "./node/down.ts";
import { NodeImages } from "./node/images.ts";
import { frontDoorPort, nodeDir, paths } from "./node/layout.ts";
import { livingRecord } from "./node/process.ts";
import { componentStatuses, nodeIsReady, statusProblems } from "./node/status.ts";
import { nodeBinaries, nodeUp } from "./node/up.ts";
import { type Selection, selectCluster } from "./select.ts";
import type { Cluster, ClusterDownOptions, ClusterStatus, ClusterUpOptions } from "./types.ts";

export { renderClusterStatus } from "./render.ts";
export type {
  Cluster,
  ClusterDownOptions,
  ClusterKind,
  ClusterStatus,
  ClusterUpOptions,
  ComponentStatus,
} from "./types.ts";

/**
 * The cluster to deploy to, up and ready: the user's own (KUBECONFIG), kind, or our node on this machine. Safe to repeat:
 * what runs is left alone, what died is started again. @throws ProblemError `cluster/*`, `go/*`
 */
export async function clusterUp(options: ClusterUpOptions, progress: Progress): Promise<Cluster> {
  const selection = await select();
  progress.start(`Cluster: ${selection.kind}, because ${selection.reason}`).done();
  if (selection.kind === "kubeconfig") {
    const kubeconfig = process.env["KUBECONFIG"] ?? "";
    return tracked(progress, "Checking the cluster", () => foreignCluster(kubeconfig));
  }
  if (selection.kind === "kind") return tracked(progress, "Starting kind (not verified)", kindUp);
  const { ctr } = await alone(progress, () => nodeUp(options.installPackages === true, progress));
  return ownNode(ctr);
}

function ownNode(ctr: string): Cluster {
  const images = new NodeImages(ctr);
  return {
    kind: "node",
    kubeconfig: paths.kubeconfig("admin"),
    frontDoorAddress: `127.0.0.1:${frontDoorPort}`,
    importImage: (archivePath, reference) => images.import(archivePath, reference),
    hasImage: (reference) => images.has(reference),
  };
}

/** The cluster as it stands, or undefined when it does not run; starts nothing. @throws ProblemError `cluster/*` of a user's cluster */
export async function currentCluster(): Promise<Cluster | undefined> {
  const { kind } = await select();
  if (kind === "kubeconfig") return foreignCluster(process.env["KUBECONFIG"] ?? "");
  if (kind === "kind") return (await present(kindKubeconfig())) ? kindCluster() : undefined;
  if ((await livingRecord("kube-apiserver")) === undefined) return undefined;
  return ownNode((await nodeBinaries(silent)).ctr);
}

/** Stops the cluster and removes it from this machine; the user's own cluster is left alone. */
export async function clusterDown(options: ClusterDownOptions, progress: Progress): Promise<void> {
  const selection = await select();
  if (selection.kind === "kubeconfig") return;
  if (selection.kind === "kind") return tracked(progress, "Stopping kind", kindDown);
  await alone(progress, () => nodeDown(options.keepData === true, progress));
}

/** How the cluster stands; changes nothing, and builds nothing. */
export async function clusterStatus(): Promise<ClusterStatus> {
  const { kind, reason } = await select();
  if (kind === "kubeconfig") return foreignStatus(process.env["KUBECONFIG"] ?? "", reason);
  if (kind === "kind") return { ...(await foreignStatus(kindKubeconfig(), reason)), kind };
  const kubeconfig = paths.kubeconfig("admin");
  if (!(await present(kubeconfig))) {
    return { kind, reason, up: false, ok: false, kubeconfig, components: [], nodeReady: false, problems: [] };
  }
  const binaries = await nodeBinaries(silent);
  const components = await componentStatuses(binaries);
  const running = components.some(({ state }) => state === "running");
  const answers = components.some(({ name, ready }) => name === "kube-apiserver" && ready);
  const nodeReady = answers && (await nodeIsReady(binaries.kubectl));
  const problems = statusProblems(components, nodeReady);
  return {
    kind,
    reason,
    up: running,
    ok: running && problems.length === 0,
    kubeconfig,
    components,
    nodeReady,
    problems,
  };
}

/** No two commands change the node at once. */
function alone<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  return exclusively(`node:${nodeDir()}`, work, ({ holder }) => {
    progress.start(`Waiting for process ${holder}, which changes the node`).done();
  });
}

async function select(): Promise<Selection> {
  const hasKind = hasCommand("kind");
  return selectCluster({
    forced: process.env["BREAKWATER_CLUSTER"],
    kubeconfig: process.env["KUBECONFIG"],
    nodeKubeconfig: paths.kubeconfig("admin"),
    hasKind,
    dockerAnswers: hasKind && (await command(["docker", "info"], { timeoutMs: 5000 })).code === 0,
  });
}

function present(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
