/** N of the newest version v1.N whose Pod Security Standards are implemented here. */
export const NEWEST_MINOR = 37;

/**
 * The N of `v1.N`.
 * @returns undefined for anything else, and for a version newer than {@link NEWEST_MINOR}: what it asks is not known here.
 */
export function minorOf(version: string): number | undefined {
  const digits = /^v1\.(0|[1-9]\d{0,2})$/.exec(version)?.[1];
  const minor = digits === undefined ? Number.NaN : Number(digits);
  return minor <= NEWEST_MINOR ? minor : undefined;
}
