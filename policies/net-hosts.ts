import { type TextsOptions, textsOf } from "./net-texts.ts";

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

/**
 * `https://host`, `oci://host`, and `host.name:465`. Both begin with the mark that such a text cannot be without, and look
 * back from there: most texts of a plan lack it, and nothing is searched as fast as a mark.
 */
const WITH_SCHEME =
  /:\/\/(?<=[a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@"']*@)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?![a-z0-9.-]*[${%])/gi;
const WITH_PORT = /:(?=\d{2,5}(?!\w))(?<=(?<![\w/@.-])((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}):)/gi;

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
const WITHOUT = ["breakwater.dev/secrets"];

/**
 * Hosts outside that texts name as an address, or as the registry of an image, each once. Not found: a host in prose, and
 * what a chart's own defaults name, because charts are not in a plan.
 */
export function* outsideHosts(value: unknown, options: Pick<TextsOptions, "among"> = {}): Iterable<string> {
  const seen = new Set<string>(VOCABULARIES);
  for (const { key, text } of textsOf(value, { ...options, without: WITHOUT })) {
    for (const host of hostsIn(key, text)) {
      if (seen.has(host) || isInside(host)) continue;
      seen.add(host);
      yield host;
    }
  }
}

/** Whether a text names a host outside, under one key or another: without such a text there is no {@link outsideHosts}. */
export function namesOutside(text: string): boolean {
  return hostsIn("image", text).some((host) => !isInside(host));
}

function hostsIn(key: string, text: string): readonly string[] {
  const image = IMAGE_KEYS.includes(key) && WITH_REGISTRY.test(text) ? [registryOf(text)] : [];
  return [...addressesIn(text), ...image];
}

function addressesIn(text: string): readonly string[] {
  // Either has a colon, and it is found faster than either is looked for.
  if (!text.includes(":")) return [];
  return [WITH_SCHEME, WITH_PORT].flatMap((pattern) => Array.from(text.matchAll(pattern), ([, host = ""]) => host));
}
