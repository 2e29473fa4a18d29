import type { Problem } from "@breakwater/runtime/problems";
import type { Settings } from "@breakwater/runtime/settings";

/** The local node has one RuntimeClass; anything else would start, and be less than what was asked for. */
export function localProblems({ openshell }: Settings): readonly Problem[] {
  if (openshell.isolation === "gvisor") return [];
  return [
    {
      code: "placement/isolation",
      path: "openshell.isolation",
      got: openshell.isolation,
      expected: "gvisor on the local topology",
      remedy: "set it to gvisor, or choose a topology whose nodes run virtual machines",
    },
  ];
}
