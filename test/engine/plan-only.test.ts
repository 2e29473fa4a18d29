import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { recordRun } from "../../cli/plan/recorder.ts";
import { versionOf } from "../../tools/engine/plan-only/link.ts";
import { projectRoot } from "../../tools/paths.ts";
import { pulumi } from "../support/pulumi-available.ts";
import { compared, type PreviewArgs, previewByEngine } from "./engine-preview.ts";

const PROGRAM = "test/fixtures/engine/clouds";

if (pulumi.path === undefined) console.log(pulumi.why);

describe.skipIf(pulumi.path === undefined)("the plan-only provider, with the real engine", () => {
  const run: PreviewArgs = {
    pulumi: pulumi.path ?? "",
    program: PROGRAM,
    stack: "test",
    configuration: "",
    secrets: [],
  };

  test("answers a preview for every provider that cannot be had, and the engine has nothing to complain of", async () => {
    const preview = await previewByEngine(run);
    expect(preview.complaints).toEqual([]);
    const plan = await recordRun("test", {}, () => import(join(projectRoot, PROGRAM, "index.ts")));
    const { planned, previewed } = compared(plan, preview);
    expect(previewed).toEqual(planned);
    expect(planned.length).toBeGreaterThan(12);
  });

  test("makes nothing: an update fails at the first resource that it would have to create", async () => {
    await expect(previewByEngine({ ...run, args: ["up", "--yes", "--skip-preview"] })).rejects.toThrow(
      "[engine/plan-only] provider: got to create something; expected a preview",
    );
  });
});

test("the plugin's folder says which version it is", () => {
  expect(versionOf("resource-docker-build-v0.0.22")).toBe("0.0.22");
  expect(versionOf("resource-aws-v7.48.0-alpha.1")).toBe("7.48.0-alpha.1");
});
