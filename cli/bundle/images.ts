import type { ImageName } from "../../components/platform.ts";
import type { PlannedResource } from "../plan/recorder.ts";
import { type Fields, objectsIn, textAt } from "./walk.ts";

/** An image, or what is known of it. */
export interface BundledImage {
  /** As a pod refers to it; of one that is not built yet the name of its folder under runtime/. */
  readonly reference: string;
  /**
   * `by digest`: exactly this; `by tag`: whoever carries it has to resolve it; `not built yet`: ours, and its digest is
   * that of the build; `named by its chart`: only the repository is in the plan.
   */
  readonly state: "by digest" | "by tag" | "not built yet" | "named by its chart";
}

/** Stands in a plan for the digest of an image of ours that is not built. */
export const NO_DIGEST: string = "0".repeat(64);

/** The images of ours that pods run; each is a folder under runtime/. */
export const OWN_IMAGES = [
  "cell-agent",
  "cell",
  "sandbox",
  "front-door",
  "router",
  "echo-model",
  "postgres",
] as const satisfies readonly ImageName[];

/** An image of ours that an update builds and pushes. */
export function builtImageOf({ type, name }: PlannedResource): readonly BundledImage[] {
  if (type !== "docker-build:index:Image") return [];
  const own = OWN_IMAGES.find((image) => name === image || name.endsWith(`-${image}`)) ?? name;
  return [{ reference: `runtime/${own}`, state: "not built yet" }];
}

/** Keys under which manifests and values of charts name an image. */
const IMAGE_KEYS = ["image", "modelPuller"] as const;

/** The images that a manifest or a chart's values name, in each form that they do it in; a cloud's own resources run none. */
export function imagesIn({ type, inputs }: PlannedResource): readonly BundledImage[] {
  if (!type.startsWith("kubernetes:")) return [];
  return objectsIn(inputs).flatMap((fields) => [...whole(fields), ...inParts(fields)]);
}

/** `image: registry/name@sha256:...` */
function whole(fields: Fields): readonly BundledImage[] {
  return IMAGE_KEYS.flatMap((key) => {
    const reference = textAt(fields, key);
    const complete = reference !== undefined && textAt(fields, "repository") === undefined && reference.includes("/");
    return complete ? [describe(reference)] : [];
  });
}

/** `{repository, tag}`, `{registry, repository, tag}` and `{repository, image, version}`. */
function inParts(fields: Fields): readonly BundledImage[] {
  const repository = textAt(fields, "repository");
  // Charts and registries of clouds have fields of that name too.
  if (repository === undefined || !/[./:]/.test(repository) || /^https?:/.test(repository)) return [];
  const path = [textAt(fields, "registry"), repository, textAt(fields, "image")].filter((part) => part !== undefined);
  const digest = textAt(fields, "digest") ?? textAt(fields, "sha");
  const tag = textAt(fields, "tag") ?? textAt(fields, "version");
  const isImage = ["tag", "image", "digest", "sha", "pullPolicy", "version"].some((key) => key in fields);
  if (digest !== undefined) return [describe(`${path.join("/")}@sha256:${digest.replace(/^sha256:/, "")}`)];
  if (tag !== undefined) return [describe(`${path.join("/")}:${tag}`)];
  return isImage || path.join("/").includes("/") ? [{ reference: path.join("/"), state: "named by its chart" }] : [];
}

function describe(reference: string): BundledImage {
  if (reference.endsWith(`@sha256:${NO_DIGEST}`)) {
    const name = reference.slice(0, reference.indexOf("@"));
    return { reference: `runtime/${name.slice(name.lastIndexOf("/") + 1)}`, state: "not built yet" };
  }
  return { reference, state: reference.includes("@sha256:") ? "by digest" : "by tag" };
}
