import { expect, test } from "vitest";
import type { PlannedResource } from "../../../../cli/plan/recorder.ts";
import { correctionLine, renderPlan } from "../../../../cli/plan/render.ts";

function resource(custom: boolean, type: string, name: string, parent: string, inputs = {}): PlannedResource {
  return { urn: `${type}::${name}`, type, name, parent, custom, inputs, dependencies: [], protected: false };
}

const plan = {
  environment: "local",
  architecture: "A",
  topology: "local",
  resources: [
    resource(false, "breakwater:agents:Agents", "agents", "root"),
    resource(true, "kubernetes:core/v1:Namespace", "n", "breakwater:agents:Agents::agents", {
      metadata: { name: "shared" },
    }),
    resource(false, "breakwater:agents:Cell", "a", "breakwater:agents:Agents::agents"),
    resource(true, "breakwater:index:SecretFiles", "s", "breakwater:agents:Cell::a", {
      name: "keys",
      namespace: "tenant-a",
    }),
    resource(true, "kubernetes:core/v1:Service", "own-name", "breakwater:agents:Cell::a"),
  ],
  corrections: [{ path: "cell.replicas", got: 3, became: 1, reason: "single writer" }],
  warnings: ["look out"],
} as unknown as Parameters<typeof renderPlan>[0];

test("a plan reads as components with their resources, then corrections, warnings and counts", () => {
  expect(renderPlan(plan)).toBe(`local: architecture A on local

agents (Agents)
  + Namespace shared
  a (Cell)
    + SecretFiles tenant-a/keys
    + Service own-name

Corrected:
  - cell.replicas: 3 -> 1 (single writer)

Warnings:
  - look out

3 resources in 2 components. Nothing was built or changed.`);
});

test("a plan with nothing to say has no empty headings", () => {
  const text = renderPlan({ ...plan, corrections: [], warnings: [] });
  expect(text).not.toContain("Corrected");
  expect(text).not.toContain("Warnings");
});

test("a correction says what was written, what it became and why", () => {
  const correction = { path: "a.b", got: "/api/health", became: "/healthz", reason: "404" } as unknown;
  expect(correctionLine(correction as Parameters<typeof correctionLine>[0])).toBe(
    'a.b: "/api/health" -> "/healthz" (404)',
  );
});
