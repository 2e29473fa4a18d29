import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { buildSync } from "esbuild";
import { projectRoot } from "../../tools/paths.ts";

/** What all replicas of one test were billed, by "tenant" and "tenant/agent", and what else they said. */
export class Oracle {
  readonly billed = new Map<string, number>();
  readonly alerts: string[] = [];
  readonly refusals = new Map<string, number>();
  readonly notices: string[] = [];
  /** By tenant, of all calls that never ended: what was reserved for them and not billed. */
  readonly reservedInVain = new Map<string, number>();

  hear(line: string): void {
    const [what, tenant = "", detail = "", amount = "", reserved = ""] = line.split(" ");
    if (what === "alert") this.alerts.push(`${tenant} ${detail}`);
    else if (what === "notice") this.notices.push(tenant);
    else if (what === "refused") this.refusals.set(detail, (this.refusals.get(detail) ?? 0) + 1);
    if (what === "billed" || what === "ended") {
      const unbilled = (what === "billed" ? 1 : -1) * (Number(reserved) - Number(amount));
      this.reservedInVain.set(tenant, (this.reservedInVain.get(tenant) ?? 0) + unbilled);
    }
    if (what === "billed") {
      for (const key of detail === "2" ? [tenant, `${tenant}/writer`] : [tenant]) {
        this.billed.set(key, (this.billed.get(key) ?? 0) + Number(amount));
      }
    }
  }
}

/** The program of one replica, bundled once: a start takes a tenth of a second and not one. */
export function bundleSpender(): { readonly file: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "breakwater-spender-"));
  const file = join(folder, "spender.cjs");
  buildSync({
    entryPoints: [join(projectRoot, "test", "service", "spender.ts")],
    outfile: file,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["@electric-sql/pglite"],
    logLevel: "silent",
  });
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** One replica, running in a process that can be killed. */
export class Spender {
  readonly #child: ChildProcess;
  readonly #oracle: Oracle;
  readonly #waiting = new Map<string, () => void>();
  readonly #ended: Promise<unknown>;
  #errors = "";

  private constructor(child: ChildProcess, oracle: Oracle) {
    this.#child = child;
    this.#oracle = oracle;
    this.#ended = once(child, "close");
    if (child.stdout === null || child.stderr === null) throw new Error("a replica without output");
    createInterface({ input: child.stdout }).on("line", (line) => this.#hear(line));
    child.stderr.on("data", (bytes: Buffer) => {
      this.#errors += bytes;
    });
  }

  static async start(file: string, settings: unknown, oracle: Oracle): Promise<Spender> {
    const child = spawn(process.execPath, [file, JSON.stringify(settings)], { stdio: ["pipe", "pipe", "pipe"] });
    const spender = new Spender(child, oracle);
    await spender.#until("ready");
    return spender;
  }

  /** Many callers at once, each with several calls in a row. Resolves when all have ended; never after a kill. */
  async go(tenant: string, limit: number, calls: number, tries: number, worst: number): Promise<void> {
    const done = this.#until(`done ${tenant}`);
    this.#child.stdin?.write(`go ${tenant} ${limit} ${calls} ${tries} ${worst}\n`);
    await done;
  }

  /** kill -9, and everything it said before has been heard. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** Stops it as a machine stops that hangs: nothing is said, nothing is closed. */
  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async close(): Promise<void> {
    this.#child.stdin?.write("close\n");
    await this.#ended;
    if (this.#errors !== "") throw new Error(`a replica failed: ${this.#errors}`);
  }

  #until(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(line, resolve);
      this.#child.once("close", () => reject(new Error(`a replica ended before "${line}": ${this.#errors}`)));
    });
  }

  #hear(line: string): void {
    const waiting = this.#waiting.get(line);
    this.#waiting.delete(line);
    if (waiting !== undefined) waiting();
    else this.#oracle.hear(line);
  }
}
