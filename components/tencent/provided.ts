import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { type Input, type Output, output } from "@pulumi/pulumi/output.js";
import { knownOrRefused, textOf } from "../known-or-refused.ts";

/** What a plan has nobody to ask for, no resource tells, and that therefore has to be put here. None of it is secret. */
const TEXTS = {
  "account.json": {
    expected: '{"appId": "1250000000", "uin": "100000000001"}: the account\'s APPID and the UIN of its owner',
    remedy: "read both in the console under account information, and put them there",
  },
  "postgres-authority.pem": {
    expected: "the PEM certificates that sign those of TencentDB for PostgreSQL",
    remedy: "download them from the SSL page of any instance in the console, and put the .pem there",
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
 * name somebody else's account, or trust something that nobody has looked at.
 *
 * @throws ProblemError `tencent/not-provided` at up.
 */
export function provided(name: Provided, folder: string = PROVIDED_FOLDER): Input<string> {
  return knownOrRefused(textOf(join(folder, name)), {
    code: "tencent/not-provided",
    path: `components/tencent/provided/${name}`,
    got: "no such file",
    expected: TEXTS[name].expected,
    remedy: TEXTS[name].remedy,
  });
}

/** Numbers of the account: names of buckets and of principals are made of them. */
export interface Account {
  /** APPID: the end of every bucket's name. */
  readonly appId: Output<string>;
  /** UIN of the account's owner: the middle of every principal. */
  readonly uin: Output<string>;
}

/** @throws ProblemError `tencent/not-provided` and `tencent/malformed-account` at up. */
export function accountOf(folder: string = PROVIDED_FOLDER): Account {
  const text = output(provided("account.json", folder));
  return { appId: text.apply((json) => numberIn(json, "appId")), uin: text.apply((json) => numberIn(json, "uin")) };
}

/** Digits, as text: an UIN has more of them than a number holds. */
export function numberIn(json: string, key: keyof Account): string {
  const value = (JSON.parse(json) as Partial<Record<string, unknown>>)[key];
  if (typeof value === "string" && /^\d{5,20}$/.test(value)) return value;
  return refuse({
    code: "tencent/malformed-account",
    path: `components/tencent/provided/account.json ${key}`,
    got: JSON.stringify(value) ?? "nothing",
    expected: "5 to 20 digits in quotes",
    remedy: "read it in the console under account information",
  });
}
