import type { LiveFileOptions } from "../identity/index.ts";
import type { Notice } from "./late-log.ts";

/** Tells what became of changed files, also of those that change before the service has a log. */
export function noticedChanges(
  notify: (notice: Notice) => void,
): Pick<LiveFileOptions<unknown>, "onBroken" | "onChange"> {
  return {
    onBroken: (path, error) =>
      notify({ level: "error", message: `a changed file is broken; the last good content stays: ${path}`, error }),
    onChange: (path) => notify({ level: "info", message: `took over a changed file: ${path}` }),
  };
}
