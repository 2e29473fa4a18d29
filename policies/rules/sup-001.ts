import { z } from "zod";
import { containersOf, POD_TYPES } from "../pods.ts";
import { forTypes, type ResourceRule } from "../rule.ts";

const container = z.object({ name: z.string(), image: z.string() });

const BY_DIGEST = /@sha256:[0-9a-f]{64}$/;

/** A tag can be moved after review; a digest cannot. */
export const sup001: ResourceRule = {
  id: "SUP-001",
  on: forTypes(POD_TYPES, function* (props) {
    for (const raw of containersOf(props)) {
      const { name, image } = container.parse(raw);
      if (!BY_DIGEST.test(image)) yield `container ${name} runs ${image}`;
    }
  }),
};
