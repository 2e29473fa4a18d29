import { join } from "node:path";
import type { Input } from "@pulumi/pulumi/output.js";
import { knownOrRefused, textOf } from "../known-or-refused.ts";

/** Public texts that only somebody with internet access can get, and that therefore have to be put here. */
const TEXTS = {
  "rds-authority.pem": {
    expected: "the PEM certificates that sign those of ApsaraDB RDS",
    remedy:
      "download https://apsaradb-public.oss-ap-southeast-1.aliyuncs.com/ApsaraDB-CA-Chain.zip and put its .pem there",
  },
  "gvisor.sha512": {
    expected: "the SHA-512 sums of runsc and containerd-shim-runsc-v1 of the gVisor release that you trust",
    remedy:
      "take both binaries of one release, put `sha512sum runsc containerd-shim-runsc-v1` there and the binaries into the artifact bucket below gvisor/",
  },
} as const;

/** Name of such a text. */
export type Provided = keyof typeof TEXTS;

/** Folder of them beside this file. */
export const PROVIDED_FOLDER = join(import.meta.dirname, "provided");

/**
 * A text of that folder. A preview shows one that is not there yet as unknown; an update refuses, because it could only
 * trust something that nobody has looked at.
 *
 * @throws ProblemError `alibaba/not-provided` at up.
 */
export function provided(name: Provided, folder: string = PROVIDED_FOLDER): Input<string> {
  return knownOrRefused(textOf(join(folder, name)), {
    code: "alibaba/not-provided",
    path: `components/alibaba/provided/${name}`,
    got: "no such file",
    expected: TEXTS[name].expected,
    remedy: TEXTS[name].remedy,
  });
}
