import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { environmentNames, readEnvironmentFile } from "../../cli/environment.ts";
import type { PlannedResource } from "../../cli/plan/recorder.ts";
import { estimateOf } from "../../cost/estimate.ts";
import { totalSentence } from "../../cost/sentences.ts";
import { projectRoot } from "../../tools/paths.ts";
import { pulumi } from "../support/pulumi-available.ts";
import { compared, previewByEngine } from "./engine-preview.ts";

if (pulumi.path === undefined) console.log(pulumi.why);

/** The files of all secrets that the plan has delivered to the cluster. */
function secretFilesOf(plan: readonly PlannedResource[]): readonly string[] {
  const secrets = plan.filter(({ type }) => type === "breakwater:index:SecretFiles");
  return secrets.flatMap(({ inputs }) => Object.values(inputs["files"] as Record<string, string>));
}

describe.skipIf(pulumi.path === undefined)("the real engine, with plan-only providers", () => {
  test.each(environmentNames())(
    "sees the resources of %s that `breakwater plan` shows, with the same parents, providers, protection and inputs, refuses none by the pack, and shows the same cost",
    async (name) => {
      const { file, sections, settings } = readEnvironmentFile(name);
      // The program is a module that runs when it is loaded.
      vi.resetModules();
      const { recordProgram } = await import("../../cli/plan/recorder.ts");
      const plan = await recordProgram(name, sections);
      const preview = await previewByEngine({
        pulumi: pulumi.path ?? "",
        program: "stacks",
        stack: name,
        configuration: readFileSync(join(projectRoot, file), "utf8"),
        secrets: secretFilesOf(plan),
        args: ["preview", "--policy-pack", join(projectRoot, "policies")],
      });
      const { planned, previewed } = compared(plan, preview);
      expect(previewed.map(({ urn }) => urn)).toEqual(planned.map(({ urn }) => urn));
      expect(previewed).toEqual(planned);
      expect(preview.policies.filter(({ enforcementLevel }) => enforcementLevel === "mandatory")).toEqual([]);
      const day = new Date().toISOString().slice(0, 10);
      const cost = totalSentence(estimateOf(plan, settings, { day }));
      expect(preview.policies.find(({ policyName }) => policyName === "cost")?.message).toContain(cost);
      expect(preview.complaints.filter((complaint) => !complaint.startsWith("warning: corrected "))).toEqual([]);
    },
  );
});
