import { spawn } from "node:child_process";
import { ProblemError, refuse } from "@breakwater/runtime/problems";

/** The Go installation of this machine. */
export interface Toolchain {
  readonly version: string;
  /** Runs `go <args>` in a folder and answers what it printed. @throws ProblemError `go/failed` */
  readonly run: (
    args: readonly string[],
    folder: string,
    environment?: Readonly<Record<string, string>>,
  ) => Promise<string>;
}

/** The newest `go` line of the modules beside this file. */
export const requiredGo = "1.26.3";

/** Whether version `have` ("go1.26.8") is `need` ("1.26.3") or newer; a text that is no release is not. */
export function newEnough(have: string, need: string): boolean {
  const numbers = (text: string): readonly number[] | undefined =>
    /^(?:go)?(\d+)\.(\d+)(?:\.(\d+))?\b/
      .exec(text)
      ?.slice(1)
      .map((part) => Number(part ?? 0));
  const left = numbers(have);
  const right = numbers(need);
  if (left === undefined || right === undefined) return false;
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Finds Go on PATH. @throws ProblemError `go/missing`, `go/too-old` */
export async function findToolchain(): Promise<Toolchain> {
  const version = await execute(["env", "GOVERSION"], undefined, {}).then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? undefined : Promise.reject(error)),
  );
  const remedy = `install Go ${requiredGo} or newer from https://go.dev/dl and put its bin folder on PATH`;
  if (version === undefined) {
    refuse({ code: "go/missing", path: "PATH", got: "no `go`", expected: `Go ${requiredGo} or newer`, remedy });
  }
  if (!newEnough(version, requiredGo)) {
    refuse({ code: "go/too-old", path: "go", got: version, expected: `${requiredGo} or newer`, remedy });
  }
  return { version, run: (args, folder, environment = {}) => execute(args, folder, environment) };
}

/** Last lines of what a compiler said; the first hundred are rarely the reason. */
function tail(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}

function execute(
  args: readonly string[],
  folder: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      ...(folder === undefined ? {} : { cwd: folder }),
      // GOTOOLCHAIN=local: a too old Go is named instead of downloading another. GOWORK=off: a go.work above is not ours.
      env: { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let out = "";
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (code === 0) return resolve(out);
      reject(goFailed(args, code ?? signal ?? "no exit code", err));
    });
  });
}

function goFailed(args: readonly string[], ended: number | string, said: string): ProblemError {
  return new ProblemError([
    {
      code: "go/failed",
      path: `go ${args.join(" ")}`,
      got: `exit ${ended}: ${tail(said)}`,
      expected: "success",
      remedy: "read the lines above; a module that cannot be downloaded needs a reachable Go module proxy (GOPROXY)",
    },
  ]);
}
