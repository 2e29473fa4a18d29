import type { LiveFileOptions } from "../identity/index.ts";

/** Something about a file that an operator should read. */
interface FileNotice {
  readonly level: "info" | "error";
  readonly message: string;
  readonly error?: unknown;
}

/** Tells what became of changed files, also of those that change before the service has a log. */
export function noticedChanges(
  notify: (notice: FileNotice) => void,
): Pick<LiveFileOptions<unknown>, "onBroken" | "onChange"> {
  return {
    onBroken: (path, error) =>
      notify({ level: "error", message: `a changed file is broken; the last good content stays: ${path}`, error }),
    onChange: (path) => notify({ level: "info", message: `took over a changed file: ${path}` }),
  };
}
