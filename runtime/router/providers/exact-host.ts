import { readUrl } from "../../url/index.ts";

/**
 * The host that an address is asked at, as a resolver sees it: lower case, punycode, no user, no port, no root's dot and
 * no brackets. Takes an URL, or a host with or without a port. What it cannot read is undefined, and nobody's.
 */
export function exactHost(address: string): string | undefined {
  const url = address.includes("://") ? address : `https://${address}`;
  if (readUrl(url) === undefined) return undefined;
  // A scheme that the web does not know keeps its host as it was written.
  const name = readUrl(url.replace(/^[a-z][a-z0-9+.-]*:/i, "https:"))
    ?.host.replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "")
    .replace(/\.+$/, "");
  return name === "" ? undefined : name;
}
