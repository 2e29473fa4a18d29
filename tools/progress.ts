/** One piece of work that a person waits for. Exactly one of `done` and `fail` ends it. */
export interface Task {
  /** Share finished, 0 to 1, when it is known; an honest guess from recorded timings is allowed, a made-up one is not. */
  update(share: number | undefined, note?: string): void;
  done(note?: string): void;
  fail(reason: string): void;
}

/** Where long work reports to: a terminal line, JSON lines, or nowhere. */
export interface Progress {
  start(label: string): Task;
}

/** For callers that do not show progress. */
export const silent: Progress = {
  start: () => ({ update: () => {}, done: () => {}, fail: () => {} }),
};

/** Runs `work` as one task, so that no path leaves it unfinished. */
export async function tracked<T>(
  progress: Progress,
  label: string,
  work: (task: Pick<Task, "update">) => Promise<T>,
  note?: (result: T) => string,
): Promise<T> {
  const task = progress.start(label);
  try {
    const result = await work(task);
    task.done(note?.(result));
    return result;
  } catch (error) {
    task.fail(error instanceof Error ? (error.message.split("\n")[0] ?? "failed") : String(error));
    throw error;
  }
}
