import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../../tools/paths.ts";

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A person's machine with nothing on it but Node: PATH, home, caches and state are empty folders. */
export class BareMachine {
  readonly root: string = mkdtempSync(join(tmpdir(), "breakwater-cli-"));
  readonly #bin: string = join(this.root, "bin");

  constructor() {
    for (const folder of ["bin", "home", "cache", "state", "tmp"]) mkdirSync(join(this.root, folder));
    symlinkSync(process.execPath, join(this.#bin, "node"));
  }

  /** Runs `breakwater` of this checkout. */
  run(...args: readonly string[]): Promise<Ended> {
    return ended(this.#spawn(args));
  }

  /** Runs `breakwater` with one of its outputs closed before the first word. */
  runUnread(output: "stdout" | "stderr", ...args: readonly string[]): Promise<Ended> {
    const child = this.#spawn(args);
    child[output].destroy();
    return ended(child);
  }

  #spawn(args: readonly string[]): ChildProcessWithoutNullStreams {
    const at = (folder: string) => join(this.root, folder);
    const env = {
      PATH: this.#bin,
      HOME: at("home"),
      XDG_CACHE_HOME: at("cache"),
      XDG_STATE_HOME: at("state"),
      TMPDIR: at("tmp"),
      // Nothing listens there: what would ask the network fails.
      HTTPS_PROXY: "http://127.0.0.1:1",
      HTTP_PROXY: "http://127.0.0.1:1",
    };
    return spawn(process.execPath, [join(projectRoot, "cli", "bin.mjs"), ...args], { cwd: projectRoot, env });
  }

  /** What the commands left in home, caches and state. */
  leftovers(): readonly string[] {
    return ["home", "cache", "state"].flatMap((folder) =>
      readdirSync(join(this.root, folder)).map((name) => `${folder}/${name}`),
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Waits for a child process and collects what it printed. */
export function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
