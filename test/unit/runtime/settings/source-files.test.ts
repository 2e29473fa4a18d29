import { mergeSections, parseSections } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { sourceFiles } from "./sample.ts";

describe("the source requirements", () => {
  test("are five files", () => {
    expect(sourceFiles.map(({ name }) => name)).toEqual([
      "channels-wechat-work.json",
      "enterprise.json",
      "monitoring.json",
      "multi-tenant.json",
      "openshell.json",
    ]);
  });

  test.each(sourceFiles)("$name is accepted alone", ({ name, content }) => {
    expect(Object.keys(parseSections(content, name).sections)).toHaveLength(1);
  });

  test("are accepted merged, with the two corrections that they need", () => {
    const { sections, corrections } = parseSections(mergeSections(sourceFiles));
    expect(Object.keys(sections).sort()).toEqual(["channels", "enterprise", "monitoring", "multi_tenant", "openshell"]);
    expect(corrections.map(({ path, got, became }) => ({ path, got, became }))).toEqual([
      {
        path: "multi_tenant.tenants[1].llm_config.model",
        got: "claude-sonnet-4-20250514",
        became: "claude-sonnet-4-6",
      },
      { path: "channels.wechat_work", got: "wechat_work", became: "wecom" },
    ]);
  });

  test("keep every value but what is corrected", () => {
    const { sections } = parseSections(mergeSections(sourceFiles));
    for (const { content } of sourceFiles.filter(({ name }) => /enterprise|monitoring|openshell/.test(name))) {
      expect(sections).toMatchObject(content as object);
    }
  });

  test("merge to the same settings in any order", () => {
    const forward = JSON.stringify(parseSections(mergeSections(sourceFiles)));
    expect(JSON.stringify(parseSections(mergeSections([...sourceFiles].reverse())))).toBe(forward);
  });
});
