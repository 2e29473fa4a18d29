import { expect, test } from "vitest";
import { PLUGIN_VERSION } from "../../../../components/plugin-version.ts";
import * as plugin from "../../../../tools/engine/provider/version.ts";
import { localSections, recordPlan } from "../../../support/plan.ts";

test("the program asks for the version of the secrets plugin that this checkout brings", () => {
  expect(PLUGIN_VERSION).toBe(Object.values(plugin)[0]);
});

test("a secret is asked for by paths below the secrets folder, and by nothing else", async () => {
  const secrets = (await recordPlan(localSections())).filter(({ type }) => type === "breakwater:index:SecretFiles");
  expect(secrets).toHaveLength(11);
  for (const { inputs } of secrets) {
    expect(Object.keys(inputs).sort()).toEqual(["files", "name", "namespace"]);
    for (const path of Object.values(inputs["files"] as Record<string, string>)) {
      expect(path).toMatch(/^(platform|tenants\/[a-z-]+)\/[a-z_.-]+$/);
    }
  }
});
