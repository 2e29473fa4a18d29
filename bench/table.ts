import { table } from "../cli/table.ts";

/** One measured figure. */
export interface Figure {
  readonly what: string;
  /** As shown: `1.20 s`, `2.4x`, `310 MiB`. */
  readonly measured: string;
  /** What it should be; undefined where there is no target. */
  readonly target?: string;
  /** Whether the target is met; undefined where there is none. */
  readonly met?: boolean;
  /** What the figure is made of, or what keeps it from being smaller. */
  readonly limit?: string;
}

/** Seconds with two decimals. */
export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** A figure of seconds with a limit in seconds. */
export function within(what: string, value: number, targetSeconds: number, limit?: string): Figure {
  return {
    what,
    measured: seconds(value),
    target: `<= ${targetSeconds} s`,
    met: value <= targetSeconds,
    ...(limit === undefined ? {} : { limit }),
  };
}

/** The figures in columns; a missed target is marked, and is no failure. */
export function renderTable(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, measured, target, met, limit }) => [
    what,
    measured,
    target ?? "",
    met === undefined ? "" : met ? "met" : "MISSED",
    limit ?? "",
  ]);
  return table(["figure", "measured", "target", "", "limited by"], rows);
}
