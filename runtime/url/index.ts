/**
 * An address as the platform reads it, undefined where it is none. Never `URL.canParse`: in Node 20 and 22 it says no to an
 * address with a letter as in "münchen.example" once it has been optimised, after some thousand calls (seen 2026-12-01 with
 * 20.20.2), and what is no address is nobody's host and carries no password.
 */
export function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether an address carries a user name or a password; what is no address carries none. */
export function hasCredentials(text: string): boolean {
  const url = readUrl(text);
  return url !== undefined && (url.username !== "" || url.password !== "");
}
