import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { stateDir } from "../paths.ts";
import { command, mustRun } from "./node/command.ts";
import { frontDoorPort } from "./node/layout.ts";
import type { Cluster } from "./types.ts";

/**
 * A cluster in a Docker engine, by kind. Written from kind's documentation and never run: the machines this was built on
 * had no container engine. kind's node image brings no gVisor, so a deployment with sandboxes is refused there.
 */
const name = "breakwater";

export function kindKubeconfig(): string {
  return stateDir("kind", "kubeconfig");
}

/** What kind is told: the front door's port on loopback, and NodePorts that include it. */
export function kindConfig(): unknown {
  const mapping = { containerPort: frontDoorPort, hostPort: frontDoorPort, listenAddress: "127.0.0.1" };
  return {
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    nodes: [{ role: "control-plane", extraPortMappings: [mapping] }],
    kubeadmConfigPatches: [
      "kind: ClusterConfiguration\napiServer:\n  extraArgs:\n    service-node-port-range: 18000-18999\n",
    ],
  };
}

export async function kindUp(): Promise<Cluster> {
  const kubeconfig = kindKubeconfig();
  await mkdir(dirname(kubeconfig), { recursive: true });
  const existing = (await mustRun(["kind", "get", "clusters"])).split("\n");
  if (!existing.includes(name)) {
    const config = stateDir("kind", "config.json");
    await writeFile(config, JSON.stringify(kindConfig()));
    await mustRun(["kind", "create", "cluster", "--name", name, "--config", config, "--kubeconfig", kubeconfig]);
  }
  return kindCluster();
}

export function kindCluster(): Cluster {
  return {
    kind: "kind",
    kubeconfig: kindKubeconfig(),
    frontDoorAddress: `127.0.0.1:${frontDoorPort}`,
    importImage: async (archivePath, reference) => {
      const loaded = await command(["kind", "load", "image-archive", archivePath, "--name", name]);
      if (loaded.code === 0) return;
      refuse({
        code: "cluster/image-import",
        path: archivePath,
        got: loaded.stderr.trim().split("\n").at(-1) ?? "no message",
        expected: `an archive that kind loads as ${reference}`,
        remedy: "build the image again, or set BREAKWATER_CLUSTER=node",
      });
    },
    hasImage: async (reference) => {
      const inspected = await command([
        "docker",
        "exec",
        `${name}-control-plane`,
        "crictl",
        "inspecti",
        "-q",
        reference,
      ]);
      return inspected.code === 0;
    },
  };
}

export async function kindDown(): Promise<void> {
  await mustRun(["kind", "delete", "cluster", "--name", name]);
}
