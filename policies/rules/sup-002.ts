import type { Facts } from "@breakwater/runtime/settings";
import { z } from "zod";
import { type Fields, ifKnown } from "../known.ts";
import { containersOf, POD_TYPES } from "../pods.ts";
import { type Check, forTypes, type Problems, type ResourceRule } from "../rule.ts";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NIM_SERVICE = "kubernetes:apps.nvidia.com/v1alpha1:NIMService";

const container = z.object({ name: z.string(), image: z.string() });
const nim = z.object({ spec: z.object({ image: z.object({ repository: z.string() }) }) });
const release = z.object({ values: z.unknown().optional() });

/**
 * Registries that anybody can push to or that others run, as of 2026-11-24. Whether any other host is the company's own
 * cannot be seen; that these are not, can. Personal registries of Alibaba and Tencent share one host among all customers.
 */
const PUBLIC = [
  /(^|\.)docker\.io$/,
  /(^|\.)quay\.io$/,
  /^(.*\.)?ghcr\.io$/,
  /(^|\.)gcr\.io$/,
  /^[a-z0-9-]+-docker\.pkg\.dev$/,
  /^registry\.k8s\.io$/,
  /^mcr\.microsoft\.com$/,
  /^nvcr\.io$/,
  /^public\.ecr\.aws$/,
  /^registry\.gitlab\.com$/,
  /^registry(-vpc)?\.[a-z0-9-]+\.aliyuncs\.com$/,
  /^(ccr|hkccr)\.ccs\.tencentyun\.com$/,
];

const FIELDS = ["registry", "imageRegistry", "repository"];
const HOSTED = /^[^/]+[.:][^/]*\//;

/** Where `local` names its images, which are built on the machine and put into its node: nothing pulls them. */
const LOCAL = "docker.io/breakwater/";

/**
 * What a public registry serves can change, vanish, or be asked for by whoever watches; and a cluster that pulls from there
 * needs a way out. A chart that is told no registry takes that of its author; whether one that is told some is told all of
 * them, only the chart says.
 */
export const sup002: ResourceRule = {
  id: "SUP-002",
  on: {
    ...forTypes(POD_TYPES, function* (props, facts) {
      for (const raw of containersOf(props)) {
        const { name, image } = container.parse(raw);
        yield* judged(`container ${name}`, image, facts);
      }
    }),
    *[NIM_SERVICE](props, facts) {
      yield* judged("the service", nim.parse(props).spec.image.repository, facts);
    },
    [RELEASE]: charted,
  },
};

function* judged(what: string, image: string, { topology }: Facts): Problems {
  if (topology === "local" && image.startsWith(LOCAL)) return;
  const host = hostOf(image);
  if (isPublic(host)) yield `${what} runs an image of ${host}`;
}

/** As container runtimes read it: a first part without a dot, a colon or the name `localhost` is a folder of docker.io. */
function hostOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (first.includes(".") || first.includes(":") || first === "localhost");
  return isHost ? first.replace(/:\d+$/, "") : "docker.io";
}

function isPublic(host: string): boolean {
  return PUBLIC.some((pattern) => pattern.test(host));
}

/** How a value is told that only an update knows: it is the address of a registry of our own. */
const OURS = "";

function* charted(props: Parameters<Check>[0]): Problems {
  const named = new Set(registries(release.parse(props).values));
  if (named.size === 0) yield "its values name no registry, so that the chart's own is taken";
  for (const name of named) {
    const host = hostOf(`${name}/`);
    if (name !== OURS && isPublic(host)) yield `its values name ${host}`;
  }
}

/** Every registry in a chart's values, by the names of fields that charts use. */
function* registries(value: unknown): Iterable<string> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const item = ifKnown(() => (value as Fields)[key], OURS);
    if (FIELDS.includes(key) && typeof item === "string") {
      // A repository without a host is within the registry that another field names.
      if (key !== "repository" || item === OURS || HOSTED.test(item)) yield item;
    } else yield* registries(item);
  }
}
