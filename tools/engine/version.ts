/** Oldest `pulumi` that our language host, provider and policy pack were run with (2026-11-23). */
export const OLDEST_PULUMI = "3.246.0";

/** Whether a `pulumi version` line names a release that we take from PATH: same major, not older than {@link OLDEST_PULUMI}. */
export function acceptsPulumi(line: string): boolean {
  const found = parse(line);
  const oldest = parse(OLDEST_PULUMI);
  if (found === undefined || oldest === undefined || found[0] !== oldest[0]) return false;
  return found[1] > oldest[1] || (found[1] === oldest[1] && found[2] >= oldest[2]);
}

function parse(line: string): readonly [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(line.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}
