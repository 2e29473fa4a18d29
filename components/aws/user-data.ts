import { GVISOR_FILES, type GvisorLock } from "./gvisor-lock.ts";

/** What a node is told when it starts. */
export interface UserData {
  readonly maxPods: number;
  /** Of sandbox nodes with gVisor: what to install, and the bucket it lies in. */
  readonly gvisor?: { readonly lock: GvisorLock; readonly bucket: string; readonly region: string };
}

const BOUNDARY = "breakwater";

/**
 * User data of a node of Amazon Linux 2023, in Base64: settings for nodeadm and, for gVisor, a script that installs it.
 * EKS adds what the node needs to join. A node that cannot get or check its files joins and starts no sandbox.
 */
export function userData({ maxPods, gvisor }: UserData): string {
  const parts = [
    part("application/node.eks.aws", nodeConfig(maxPods, gvisor !== undefined)),
    ...(gvisor === undefined ? [] : [part('text/x-shellscript; charset="us-ascii"', installScript(gvisor))]),
  ];
  const head = `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="${BOUNDARY}"\n`;
  return Buffer.from([head, ...parts, `--${BOUNDARY}--\n`].join("\n")).toString("base64");
}

function part(type: string, content: string): string {
  return `--${BOUNDARY}\nContent-Type: ${type}\n\n${content}`;
}

/** Containerd 1 and 2 call the same table differently, and each ignores the other's. */
const RUNTIME_TABLES = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.runtime"];

function nodeConfig(maxPods: number, gvisor: boolean): string {
  const runtimes = RUNTIME_TABLES.flatMap((table) => [
    `      [plugins."${table}".containerd.runtimes.runsc]`,
    '      runtime_type = "io.containerd.runsc.v1"',
  ]);
  return [
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    "  kubelet:",
    "    config:",
    `      maxPods: ${maxPods}`,
    ...(gvisor ? ["  containerd:", "    config: |", ...runtimes] : []),
    "",
  ].join("\n");
}

/** Only checked files get their name; until then a sandbox has no runtime and does not start. */
function installScript({ lock, bucket, region }: NonNullable<UserData["gvisor"]>): string {
  const from = `s3://${bucket}/gvisor/${lock.release}/x86_64`;
  const files = GVISOR_FILES.flatMap((file) => [
    `aws s3 cp --only-show-errors --region ${region} ${from}/${file} /usr/local/bin/${file}.new`,
    `echo "${lock.sha512[file]}  /usr/local/bin/${file}.new" | sha512sum --check --strict --status`,
    `chmod 0755 /usr/local/bin/${file}.new`,
    `mv /usr/local/bin/${file}.new /usr/local/bin/${file}`,
  ]);
  return ["#!/bin/bash", "set -euo pipefail", ...files, ""].join("\n");
}
