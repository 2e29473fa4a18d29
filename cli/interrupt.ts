/**
 * Aborts at the first Ctrl-C or SIGTERM, so that what is under way ends in good order; a second one ends the process
 * as usual.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      process.stderr.write("\nstopping after what is under way; once more to stop at once\n");
      controller.abort();
    });
  }
  return controller.signal;
}
