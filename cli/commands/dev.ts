import { type Command, InvalidArgumentError } from "commander";
import { type CommonOptions, command } from "../command.ts";

const FIRST_PORT = 18_889;
/** Front door and router take two ports each, cells and echo model one. */
const PORTS = 6;

export function devCommand(): Command {
  return command("dev", "Run front door, model router and echo model in this process, without a cluster.")
    .argument("[environment]", "name of stacks/Pulumi.<environment>.yaml", "local")
    .option(
      "--port <port>",
      `port of the front door on loopback; the ${PORTS - 1} after it are used too`,
      port,
      FIRST_PORT,
    )
    .action(async (name: string, options: CommonOptions & { port: number }) => {
      const { runDev } = await import("../dev/run.ts");
      const { readEnvironmentFile } = await import("../environment.ts");
      await runDev(readEnvironmentFile(name), options);
    });
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value + PORTS <= 65_536) return value;
  throw new InvalidArgumentError(`expected 1 to ${65_536 - PORTS}`);
}
