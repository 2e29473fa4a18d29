import { parseSettings } from "@breakwater/runtime/settings";
import { describe, expect, test } from "vitest";
import { localWith } from "./sample.ts";

function corrected(path: string, value: unknown) {
  const { settings, corrections } = parseSettings(localWith(path, value));
  return { settings, corrections: corrections.map(({ path, got, became }) => `${path}: ${got} -> ${became}`) };
}

describe("what cannot work is corrected and reported:", () => {
  test("a cell has one replica", () => {
    const { settings, corrections } = corrected("cell.replicas", 3);
    expect(settings.cell.replicas).toBe(1);
    expect(corrections).toEqual(["cell.replicas: 3 -> 1"]);
  });

  test("probes go where OpenClaw answers", () => {
    const { settings, corrections } = corrected("cell.probes", {
      liveness_path: "/api/health",
      readiness_path: "/api/health",
    });
    expect(settings.cell.probes).toEqual({ liveness_path: "/healthz", readiness_path: "/readyz" });
    expect(corrections).toEqual([
      "cell.probes.liveness_path: /api/health -> /healthz",
      "cell.probes.readiness_path: /api/health -> /readyz",
    ]);
  });

  test.each([
    ["claude-sonnet-4-20250514", "claude-sonnet-4-6"],
    ["claude-3-5-haiku-20241022", "claude-haiku-4-5"],
  ])("the retired model %s becomes %s", (model, replacement) => {
    const { settings, corrections } = corrected("multi_tenant.tenants.0.llm_config.model", model);
    expect(settings.multi_tenant.tenants[0]?.llm_config.model).toBe(replacement);
    expect(corrections).toEqual([`multi_tenant.tenants[0].llm_config.model: ${model} -> ${replacement}`]);
  });

  test.each(["fallbacks.0.model", "cheap_first.model"])("a retired model at %s is replaced there", (place) => {
    const { corrections } = corrected(`multi_tenant.tenants.1.llm_config.${place}`, "claude-3-5-haiku-20241022");
    const path = `multi_tenant.tenants[1].llm_config.${place.replace(".0", "[0]")}`;
    expect(corrections).toEqual([`${path}: claude-3-5-haiku-20241022 -> claude-haiku-4-5`]);
  });
});

test.each([
  ["cell.replicas", 1],
  ["cell.probes", { liveness_path: "/healthz", readiness_path: "/readyz" }],
  ["multi_tenant.tenants.0.llm_config.model", "gpt-4o-mini"],
  ["multi_tenant.tenants.0.llm_config.model", "constructor"],
])("%s = %j is right and is left alone", (path, value) => {
  expect(corrected(path, value).corrections).toEqual([]);
});

test("a correction gives its reason", () => {
  expect(parseSettings(localWith("cell.replicas", 2)).corrections[0]?.reason).toContain("single writer");
});
