import { readFileSync } from "node:fs";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";

const FILES = ["runsc", "containerd-shim-runsc-v1"] as const;

/** Where the binaries lie in the artifact bucket. */
export const GVISOR_FOLDER = "gvisor";

/** What the script of a sandbox node depends on. */
export interface GvisorNode {
  readonly bucket: string;
  readonly region: string;
  /** Text in the form of `sha512sum`, with a line for each binary. */
  readonly sums: string;
}

/**
 * User data of a sandbox node: installs gVisor from the environment's own bucket, checked by the hash that the plan knows,
 * and tells containerd. It runs once the node has joined. A node on which it fails runs no sandbox: its containerd does not
 * know the runtime that sandboxes ask for.
 *
 * @returns base64.
 * @throws ProblemError `alibaba/malformed-sums`
 */
export function gvisorUserData({ bucket, region, sums }: GvisorNode): string {
  const script = [
    "#!/bin/bash",
    "set -euo pipefail",
    "umask 022",
    'folder="$(mktemp -d)"',
    'cd "$folder"',
    `cat > fetch-artifact.py <<'END_OF_FETCH'`,
    readFileSync(join(import.meta.dirname, "fetch-artifact.py"), "utf8").trimEnd(),
    "END_OF_FETCH",
    ...FILES.map((file) => `python3 fetch-artifact.py ${bucket} ${region} ${GVISOR_FOLDER}/${file} > ${file}`),
    "sha512sum --check --strict <<'END_OF_SUMS'",
    ...sumLines(sums),
    "END_OF_SUMS",
    ...FILES.map((file) => `install -o root -g root -m 0755 ${file} /usr/local/bin/${file}`),
    'cd / && rm -rf "$folder"',
    CONTAINERD.trim(),
    "",
  ].join("\n");
  return Buffer.from(script).toString("base64");
}

/** The two lines that count, rebuilt, so that nothing else of the file reaches a shell. */
function sumLines(sums: string): readonly string[] {
  const found = new Map(
    sums.split("\n").flatMap((line) => {
      const [, sum, file] = /^([0-9a-f]{128}) [ *](\S+)$/.exec(line.trimEnd()) ?? [];
      return sum === undefined || file === undefined ? [] : [[file, sum] as const];
    }),
  );
  return FILES.map((file) => {
    const sum = found.get(file);
    if (sum !== undefined) return `${sum}  ${file}`;
    return refuse({
      code: "alibaba/malformed-sums",
      path: "components/alibaba/provided/gvisor.sha512",
      got: `no SHA-512 of ${file}`,
      expected: "a line of sha512sum for it",
      remedy: `run sha512sum ${FILES.join(" ")} and put its output there`,
    });
  });
}

/** Tables of containerd have other names from version 3 of its configuration on. systrap: needs no /dev/kvm. */
const CONTAINERD = `
config=/etc/containerd/config.toml
plugin=io.containerd.grpc.v1.cri
if grep -Eq '^version *= *3' "$config"; then plugin=io.containerd.cri.v1.runtime; fi
cat > /etc/containerd/runsc.toml <<'END_OF_RUNSC'
log_level = "warning"
binary_name = "/usr/local/bin/runsc"

[runsc_config]
  platform = "systrap"
END_OF_RUNSC
if ! grep -q 'runtimes.runsc' "$config"; then
  cat >> "$config" <<END_OF_CONTAINERD

[plugins."$plugin".containerd.runtimes.runsc]
  runtime_type = "io.containerd.runsc.v1"
  pod_annotations = ["dev.gvisor.*"]
  [plugins."$plugin".containerd.runtimes.runsc.options]
    TypeUrl = "io.containerd.runsc.v1.options"
    ConfigPath = "/etc/containerd/runsc.toml"
END_OF_CONTAINERD
  systemctl restart containerd
fi
`;
