import { refuse } from "@breakwater/runtime/problems";

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** A period as records are selected by it: from inclusive, before exclusive, ISO instants. */
export interface Period {
  readonly from: string | undefined;
  readonly before: string | undefined;
}

/**
 * Reads `--from` and `--to`: days in UTC, the last one included, or instants, the last one excluded.
 * @throws ProblemError `audit/bad-time`
 */
export function periodOf(from: string | undefined, to: string | undefined): Period {
  return {
    from: from === undefined ? undefined : instant("--from", from, 0),
    before: to === undefined ? undefined : instant("--to", to, DAY_MS),
  };
}

function instant(option: string, text: string, dayMs: number): string {
  const time = DAY.test(text) ? Date.parse(text) + dayMs : INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  return refuse({
    code: "audit/bad-time",
    path: option,
    got: JSON.stringify(text),
    expected: "2026-03-01 or 2026-03-01T08:00:00Z",
    remedy: "write a day, or an instant with its zone",
  });
}
