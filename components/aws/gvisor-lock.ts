import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import type { Input } from "@pulumi/pulumi/output.js";
import { knownOrRefused, textOf } from "../known-or-refused.ts";

/** Files of gVisor that a sandbox node runs, as they lie in the artifact bucket. */
export const GVISOR_FILES = ["runsc", "containerd-shim-runsc-v1"] as const;

/** The release that nodes install, and what its files must hash to. */
export interface GvisorLock {
  readonly release: string;
  /** SHA-512 of each file, 128 hexadecimal digits. */
  readonly sha512: Readonly<Record<(typeof GVISOR_FILES)[number], string>>;
}

/** Written by whoever checks a release against gVisor's own digests and puts it into the bucket. */
const LOCK_FILE = join(import.meta.dirname, "gvisor-lock.json");

/**
 * The pinned release. A preview shows one that is not pinned yet as unknown; an update refuses, because a node would run
 * what nobody has checked.
 *
 * @throws ProblemError `nodes/gvisor-not-pinned` at up, `nodes/gvisor-lock-malformed` at preview.
 */
export function gvisorLock(file = LOCK_FILE): Input<GvisorLock> {
  const text = textOf(file);
  const lock = text === undefined ? undefined : checked(file, JSON.parse(text) as Partial<GvisorLock>);
  return knownOrRefused(lock, {
    code: "nodes/gvisor-not-pinned",
    path: "components/aws/gvisor-lock.json",
    got: "no file",
    expected: "the release of gVisor with the SHA-512 of runsc and containerd-shim-runsc-v1",
    remedy: "check a release, put it into the artifact bucket and pin it as docs/topologies/aws.md says",
  });
}

/** What it says becomes part of a script that every sandbox node runs. */
function checked(file: string, lock: Partial<GvisorLock>): GvisorLock {
  const { release = "", sha512 } = lock;
  const hashes = GVISOR_FILES.every((name) => /^[0-9a-f]{128}$/.test(sha512?.[name] ?? ""));
  if (/^\d{8}(\.\d+)?$/.test(release) && hashes) return lock as GvisorLock;
  return refuse({
    code: "nodes/gvisor-lock-malformed",
    path: file,
    got: "something else",
    expected: `a release such as "20260905" and for each of ${GVISOR_FILES.join(", ")} 128 hexadecimal digits`,
    remedy: "write it as docs/topologies/aws.md shows",
  });
}
