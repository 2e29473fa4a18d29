/** The images that this project builds, in build order: every other one stands on `base`. */
export const IMAGE_NAMES = [
  "base",
  "cell",
  "sandbox",
  "cell-agent",
  "front-door",
  "router",
  "echo-model",
  "postgres",
  "vault",
] as const;
export type ImageName = (typeof IMAGE_NAMES)[number];

/** The images that are one bundled TypeScript file on `base`, from `runtime/<name>/main.ts`. */
export const SERVICE_NAMES = [
  "cell-agent",
  "front-door",
  "router",
  "echo-model",
] as const satisfies readonly ImageName[];
export type ServiceName = (typeof SERVICE_NAMES)[number];

/** The images that the local topology runs: it has no vault, and OpenBao is large. */
export const LOCAL_IMAGES: readonly ImageName[] = IMAGE_NAMES.filter((name) => name !== "vault");

/** Repository of an image; no registry answers under it, pods start only what was imported. */
export function repository(name: ImageName): string {
  return `docker.io/breakwater/${name}`;
}
