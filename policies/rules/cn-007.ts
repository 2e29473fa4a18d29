import { z } from "zod";
import type { ResourceRule } from "../rule.ts";

const claim = z.object({ teeConfig: z.object({ teeEnable: z.boolean().optional() }).optional() });
const machines = z.object({ instanceTypes: z.array(z.string()).optional() });

/**
 * Families with a trusted module whose boot is measured and whose memory is closed: SGX (Alibaba, "Overview of trusted
 * computing capabilities", 2024-05-11, read 2026-11-24).
 */
const TRUSTED = ["g7t", "c7t", "r7t"];

/**
 * A claim of measured boot that the machine cannot keep is worse than none. What claims nothing passes: that it does not
 * apply, and why, is for the report to say.
 */
export const cn007: ResourceRule = {
  id: "CN-007",
  applies: ({ jurisdiction }) => jurisdiction === "cn",
  on: {
    "alicloud:cs/nodePool:NodePool": function* (props) {
      if (claim.parse(props).teeConfig?.teeEnable !== true) return;
      const { instanceTypes = [] } = machines.parse(props);
      const others = instanceTypes.filter((type) => !TRUSTED.includes(type.split(".")[1] ?? ""));
      if (instanceTypes.length === 0) yield "teeConfig on machines that are not named";
      if (others.length > 0) yield `teeConfig on ${others.join(", ")}, which have no trusted module`;
    },
  },
};
