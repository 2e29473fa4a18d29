import { textsOf } from "./net-texts.ts";

/** Names that no resolver of the internet answers: reserved (RFC 2606, 6761, 6762, 8375), `.internal` (ICANN, 2024), company habits. */
const INSIDE_NAMES = /(^|\.)(internal|intranet|private|corp|lan|local|localhost|svc|test|example|invalid|home\.arpa)$/;
/** Registries and interfaces that answer inside the cloud's private network alone. */
const INSIDE_CLOUDS = [
  /-vpc\.[a-z0-9-]+\.cr\.aliyuncs\.com$/,
  /(-internal|-vpc)\.aliyuncs\.com$/,
  /\.cryptoservice\.kms\.aliyuncs\.com$/,
  /\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
];
const PRIVATE_ADDRESS =
  /^(10|127)\.|^192\.168\.|^169\.254\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
const ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;

/** Names of vocabularies that look like addresses and are never asked. */
const VOCABULARIES = ["schemas.xmlsoap.org", "schemas.microsoft.com", "www.w3.org", "json-schema.org"];

/** `https://host`, `oci://host`, and `host.name:465`. */
const WITH_SCHEME = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s/@"']*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?![a-z0-9.-]*[${%])/gi;
const WITH_PORT = /(?<![\w/@.-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}):\d{2,5}(?!\w)/gi;

/** An image that says where it is from. */
const WITH_REGISTRY = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?\//;

/** Keys under which charts and custom resources name images. */
const IMAGE_KEYS = ["image", "repository", "registry", "modelPuller", "repo"];

/** Whether a host can be asked without the internet: a name of the cluster, of the company's network, a private address. */
export function isInside(host: string): boolean {
  const name = host.toLowerCase();
  if (ADDRESS.test(name)) return PRIVATE_ADDRESS.test(name);
  return !name.includes(".") || INSIDE_NAMES.test(name) || INSIDE_CLOUDS.some((pattern) => pattern.test(name));
}

/** The registry of an image; one without a host is Docker Hub's. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return named ? first.replace(/:\d+$/, "") : "docker.io";
}

/** Changes with the secrets of a pod so that it restarts; known only after an update, and no address. */
const FINGERPRINT = "breakwater.dev/secrets";

/**
 * Hosts outside that texts name as an address, or as the registry of an image, each once. Not found: a host in prose, and
 * what a chart's own defaults name, because charts are not in a plan.
 */
export function* outsideHosts(value: unknown): Iterable<string> {
  const seen = new Set<string>(VOCABULARIES);
  for (const { key, text } of textsOf(value, { without: [FINGERPRINT] })) {
    for (const host of hostsIn(key, text)) {
      if (seen.has(host) || isInside(host)) continue;
      seen.add(host);
      yield host;
    }
  }
}

function hostsIn(key: string, text: string): readonly string[] {
  const image = IMAGE_KEYS.includes(key) && WITH_REGISTRY.test(text) ? [registryOf(text)] : [];
  return [...addressesIn(text), ...image];
}

/** What the patterns above cannot be without: finding it is far faster, and most texts of a plan lack it. */
const SCHEME_END = "://";
const PORT_END = /\.[a-z]{2,}:\d\d/i;

function addressesIn(text: string): readonly string[] {
  const patterns = [...(text.includes(SCHEME_END) ? [WITH_SCHEME] : []), ...(PORT_END.test(text) ? [WITH_PORT] : [])];
  return patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), ([, host = ""]) => host));
}
