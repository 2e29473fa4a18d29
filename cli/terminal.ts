import type { Progress, Task } from "../tools/progress.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 120;
/** Work shorter than this is not announced where lines cannot be taken back. */
const SHORT_MS = 1000;
/** Live lines shown at once; the rest is counted. */
const LINES_MAX = 6;

/** `7 s`, `2 min 05 s`. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** What is left, from the share that is done; nothing where there is too little to go by. */
export function remaining(elapsedMs: number, share: number | undefined): string | undefined {
  if (share === undefined || share < 0.02 || share >= 1 || elapsedMs < 2000) return undefined;
  return `about ${duration((elapsedMs / share) * (1 - share))} left`;
}

/** {@link remaining}, unless the work itself knows better and says so. */
function timeLeft(elapsedMs: number, share: number | undefined, note: string | undefined): string | undefined {
  return note?.includes(" left") ? undefined : remaining(elapsedMs, share);
}

/**
 * Progress for a person: on a terminal live lines for the work in hand, elsewhere a line when work starts, at each
 * tenth of it and when it ends. Goes to standard error; standard output is for results.
 */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return { start: (label) => plainTask(stream, label) };
  const screen = new Screen(stream);
  return { start: (label) => screen.start(label) };
}

interface LiveTask {
  readonly label: string;
  readonly started: number;
  share: number | undefined;
  note: string | undefined;
}

/** The live lines at the bottom of a terminal; finished work scrolls away above them. */
class Screen {
  readonly #stream: NodeJS.WriteStream;
  readonly #tasks = new Set<LiveTask>();
  #timer: NodeJS.Timeout | undefined;
  #drawn = 0;
  #frame = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  start(label: string): Task {
    const task: LiveTask = { label, started: performance.now(), share: undefined, note: undefined };
    this.#tasks.add(task);
    this.#timer ??= setInterval(() => this.#draw(), FRAME_MS).unref();
    return {
      update: (share, note) => Object.assign(task, { share, note }),
      done: (note) => this.#end(task, "✓", note),
      fail: (reason) => this.#end(task, "✗", reason),
    };
  }

  #end(task: LiveTask, mark: string, note: string | undefined): void {
    this.#tasks.delete(task);
    const took = duration(performance.now() - task.started);
    this.#clear();
    this.#stream.write(`${[`${mark} ${task.label}`, took, note].filter((part) => part !== undefined).join("  ")}\n`);
    if (this.#tasks.size > 0) {
      this.#draw();
      return;
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    this.#clear();
    const tasks = [...this.#tasks];
    const mark = FRAMES[this.#frame++ % FRAMES.length] ?? "";
    const lines = tasks.slice(0, LINES_MAX).map((task) => `${mark} ${describe(task)}`);
    if (tasks.length > LINES_MAX) lines.push(`  and ${tasks.length - LINES_MAX} more`);
    const width = Math.max(20, this.#stream.columns - 1);
    this.#stream.write(lines.map((line) => `${line.slice(0, width)}\n`).join(""));
    this.#drawn = lines.length;
  }

  #clear(): void {
    if (this.#drawn > 0) this.#stream.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }
}

function describe({ label, started, share, note }: LiveTask): string {
  const elapsed = performance.now() - started;
  const percent = share === undefined ? undefined : `${Math.floor(share * 100)} %`;
  return [label, percent, duration(elapsed), timeLeft(elapsed, share, note), note]
    .filter((part) => part !== undefined)
    .join("  ");
}

function plainTask(stream: NodeJS.WriteStream, label: string): Task {
  const started = performance.now();
  const took = () => duration(performance.now() - started);
  let tenths = 0;
  const line = (...parts: readonly (string | undefined)[]) =>
    stream.write(`${parts.filter((part) => part !== undefined).join(", ")}\n`);
  // Work that is over at once says so in one line.
  const begun = setTimeout(() => line(`- ${label}`), SHORT_MS).unref();
  const end = (mark: string, text: string | undefined) => {
    clearTimeout(begun);
    line(`${mark} ${label}: ${took()}`, text);
  };
  return {
    update: (share, note) => {
      const now = share === undefined ? 0 : Math.floor(share * 10);
      if (now <= tenths) return;
      tenths = now;
      line(`  ${label}: ${now * 10} %`, timeLeft(performance.now() - started, share, note), note);
    },
    done: (note) => end("✓", note),
    fail: (reason) => end("✗", reason),
  };
}
