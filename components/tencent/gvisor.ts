import { refuse } from "@breakwater/runtime/problems";
import { RuntimeClass } from "@pulumi/kubernetes/node/v1/runtimeClass.js";
import type { CustomResourceOptions } from "@pulumi/pulumi/resource.js";
import { poolPlacement } from "../pools.ts";

/** Name of the RuntimeClass. */
export const GVISOR = "gvisor";
/** Name under which the nodes' containerd knows gVisor. */
const HANDLER = "runsc";

/** gVisor's own program and what containerd calls to run a pod under it. */
const FILES = ["runsc", "containerd-shim-runsc-v1"] as const;

/**
 * Before a sandbox's node joins: fetches gVisor from the environment's own bucket, where only the network can read, and
 * checks it against hashes that the plan knows. A node on which that fails does not join.
 *
 * @param address of the bucket, `https://...`.
 * @param sums text in the form of `sha512sum`, with a line for each file.
 * @returns base64.
 * @throws ProblemError `tencent/malformed-sums`
 */
export function fetchScript(address: string, sums: string): string {
  return base64([
    "#!/bin/sh",
    "set -eu",
    "umask 022",
    'folder="$(mktemp -d)"',
    'cd "$folder"',
    ...FILES.map((file) => `curl ${CURL} --output ${file} ${address}/gvisor/${file}`),
    "sha512sum --check --strict --status <<'END_OF_SUMS'",
    ...FILES.map((file) => `${sumOf(file, sums)}  ${file}`),
    "END_OF_SUMS",
    ...FILES.map((file) => `install -o root -g root -m 0755 ${file} /usr/local/bin/${file}`),
    'cd / && rm -rf "$folder"',
  ]);
}

/** The bucket may answer later than the node, never otherwise than over TLS. */
const CURL = "--fail --silent --show-error --proto =https --tlsv1.2 --retry 10 --retry-all-errors";

/** Only the sum of a line is taken, so that nothing else of the file reaches a shell. */
function sumOf(file: string, sums: string): string {
  const line = sums.split("\n").find((candidate) => candidate.trim().endsWith(` ${file}`)) ?? "";
  const [, sum] = /^([0-9a-f]{128}) [ *]/.exec(line.trim()) ?? [];
  if (sum !== undefined) return sum;
  return refuse({
    code: "tencent/malformed-sums",
    path: "components/tencent/provided/gvisor.sha512",
    got: `no SHA-512 of ${file}`,
    expected: "a line of sha512sum for it",
    remedy: `run sha512sum ${FILES.join(" ")} and put its output there`,
  });
}

/**
 * Once containerd is there: tells it of gVisor, and which annotations of pods reach it (the size of scratch volumes). Tables
 * have other names from version 3 of the configuration on. systrap needs no /dev/kvm, which virtual machines do not have.
 */
export const CONFIGURE_SCRIPT: string = base64([
  "#!/bin/sh",
  "set -eu",
  "config=/etc/containerd/config.toml",
  "plugin=io.containerd.grpc.v1.cri",
  'if grep -Eq "^version *= *3" "$config"; then plugin=io.containerd.cri.v1.runtime; fi',
  "cat >/etc/containerd/runsc.toml <<'END_OF_RUNSC'",
  'log_level = "warning"',
  'binary_name = "/usr/local/bin/runsc"',
  "[runsc_config]",
  '  platform = "systrap"',
  "END_OF_RUNSC",
  `if ! grep -q "runtimes.${HANDLER}" "$config"; then`,
  '  cat >>"$config" <<END_OF_CONTAINERD',
  "",
  `[plugins."$plugin".containerd.runtimes.${HANDLER}]`,
  '  runtime_type = "io.containerd.runsc.v1"',
  '  pod_annotations = ["dev.gvisor.*"]',
  `  [plugins."$plugin".containerd.runtimes.${HANDLER}.options]`,
  '    TypeUrl = "io.containerd.runsc.v1.options"',
  '    ConfigPath = "/etc/containerd/runsc.toml"',
  "END_OF_CONTAINERD",
  "  systemctl restart containerd",
  "fi",
]);

function base64(lines: readonly string[]): string {
  return Buffer.from([...lines, ""].join("\n")).toString("base64");
}

/** The class that puts a sandbox on its pool's nodes and under gVisor. */
export function gvisorRuntimeClass(name: string, opts: CustomResourceOptions): RuntimeClass {
  const { nodeSelector = {}, tolerations = [] } = poolPlacement("sandbox");
  return new RuntimeClass(
    name,
    {
      metadata: { name: GVISOR },
      handler: HANDLER,
      scheduling: { nodeSelector: { ...nodeSelector }, tolerations: [...tolerations] },
    },
    opts,
  );
}
