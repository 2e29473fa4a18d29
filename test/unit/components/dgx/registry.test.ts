import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isUnknown, output } from "@pulumi/pulumi/output.js";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterAll, expect, test } from "vitest";
import { registryImages } from "../../../../components/dgx/registry.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-dgx-"));
const lock = join(folder, "lock.json");
const DIGEST = `sha256:${"1".repeat(64)}`;
writeFileSync(lock, JSON.stringify({ cell: { reference: `docker.io/breakwater/cell@${DIGEST}` } }));
afterAll(() => rmSync(folder, { recursive: true }));

const existing = { registry: "registry.acme.internal:5000/ai" };

async function during(preview: boolean): Promise<void> {
  await setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "breakwater", "dgx", preview);
}

/** The value, or that it is not known yet. */
async function settled(reference: unknown): Promise<unknown> {
  const inner = output(reference) as unknown as { promise(withUnknowns: boolean): Promise<unknown> };
  const value = await inner.promise(true);
  return isUnknown(value) ? "unknown" : value;
}

test("an image of ours is the company registry's, with the digest that the builder wrote", async () => {
  await during(false);
  expect(await settled(registryImages(existing, lock)("cell"))).toBe(
    `registry.acme.internal:5000/ai/breakwater/cell@${DIGEST}`,
  );
});

test("an image that is not built is unknown at preview and refused at up", async () => {
  await during(true);
  expect(await settled(registryImages(existing, lock)("router"))).toBe("unknown");
  await during(false);
  expect(() => registryImages(existing, lock)("router")).toThrow("images/not-built");
});
