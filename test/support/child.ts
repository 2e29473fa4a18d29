import { spawn } from "node:child_process";
import { once } from "node:events";

/** A plugin under test: the address it printed, and its end. */
export interface Plugin {
  readonly address: string;
  /** Everything it wrote after its port. */
  readonly output: () => string;
  readonly close: () => Promise<void>;
}

/** Starts a Pulumi plugin as the engine does and waits for the port on its first line. */
export async function startPlugin(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string | undefined>> } = {},
): Promise<Plugin> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = once(child, "close");
  const port = await new Promise<string>((resolve, reject) => {
    let first = "";
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes;
      first += bytes;
      const line = /^(\d+)\n/.exec(first);
      if (line?.[1] !== undefined) resolve(line[1]);
    });
    child.stderr.on("data", (bytes: Buffer) => {
      output += bytes;
    });
    child.once("close", (code) =>
      reject(new Error(`${command} ended with ${code} before it printed a port:\n${output}`)),
    );
    child.once("error", reject);
  });
  return {
    address: `127.0.0.1:${port}`,
    output: () => output,
    close: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
