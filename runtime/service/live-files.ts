import type { FastifyBaseLogger } from "fastify";
import type { LiveFileOptions } from "../identity/index.ts";

/** Says in a service's log what became of a changed file. `log` is asked late: files are opened before there is one. */
export function loggingChanges(log: () => FastifyBaseLogger): Pick<LiveFileOptions<unknown>, "onBroken" | "onChange"> {
  return {
    onBroken: (path, error) =>
      log().error({ path, err: error }, "a changed file is broken; the last good content stays"),
    onChange: (path) => log().info({ path }, "took over a changed file"),
  };
}
