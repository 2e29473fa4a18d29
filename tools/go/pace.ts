/** A finished build: how long the table said, how long it took. */
export interface Finished {
  readonly expectedSeconds: number;
  readonly tookSeconds: number;
}

/** Weight of the table against what was seen, in seconds of the table; the first short build must not decide everything. */
const trustInTableSeconds = 30;

/** How much longer than the table this machine needs: 2 is half as fast, 0.1 mostly from Go's build cache. */
export function pace(finished: readonly Finished[]): number {
  const expected = finished.reduce((sum, build) => sum + build.expectedSeconds, 0);
  const took = finished.reduce((sum, build) => sum + build.tookSeconds, 0);
  return (took + trustInTableSeconds) / (expected + trustInTableSeconds);
}

/** Seconds until all is built; undefined once the running build takes longer than was expected of it. */
export function secondsLeft(
  finished: readonly Finished[],
  running: { readonly expectedSeconds: number; readonly elapsedSeconds: number },
  waitingSeconds: readonly number[],
): number | undefined {
  const rate = pace(finished);
  const current = running.expectedSeconds * rate - running.elapsedSeconds;
  if (current <= 0) return undefined;
  return Math.ceil(current + rate * waitingSeconds.reduce((sum, seconds) => sum + seconds, 0));
}

/** Share of the running build that is done, never 1 before it is. */
export function shareDone(expectedSeconds: number, elapsedSeconds: number, rate: number): number {
  return Math.min(0.99, elapsedSeconds / Math.max(1, expectedSeconds * rate));
}

/** `3 min 20 s`, `45 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
