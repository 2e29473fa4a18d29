import { IMAGE_NAMES, type ImageName, LOCAL_IMAGES } from "../../tools/images/image-name.ts";

/** Topologies with a registry of a cloud, whose builder makes the images from contexts that are prepared here. */
const WITH_REGISTRY: readonly string[] = ["aws", "alibaba", "tencent"];

/** Images of a topology that this machine builds; undefined where it prepares the contexts that a cloud's builder takes. */
export function imagesBuiltHere(topology: string): readonly ImageName[] | undefined {
  if (WITH_REGISTRY.includes(topology)) return undefined;
  return topology === "local" ? LOCAL_IMAGES : IMAGE_NAMES;
}
