import { z } from "zod";
import { POD_TYPES, podSpecOf } from "../pods.ts";
import type { ResourceRule } from "../rule.ts";

const container = z.object({ name: z.string(), image: z.string() });
const pod = z.object({
  containers: z.array(z.unknown()),
  initContainers: z.array(z.unknown()).optional(),
  ephemeralContainers: z.array(z.unknown()).optional(),
});

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/** A tag can be moved after review; a digest cannot. */
export const imageDigest: ResourceRule = {
  id: "image-digest",
  controls: ["nist-800-53r5/SI-7"],
  severity: "high",
  says: "Pods refer to images by digest.",
  fix: "refer to the image as `name@sha256:...`",
  on: POD_TYPES,
  *check(props) {
    const { containers, initContainers = [], ephemeralContainers = [] } = pod.parse(podSpecOf(props));
    for (const raw of [...containers, ...initContainers, ...ephemeralContainers]) {
      const { name, image } = container.parse(raw);
      if (!BY_DIGEST.test(image)) yield `container ${name} runs ${image}`;
    }
  },
};
