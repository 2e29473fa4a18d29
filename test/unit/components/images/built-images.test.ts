import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "@breakwater/runtime/problems";
import { isUnknown } from "@pulumi/pulumi/output.js";
import { setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterAll, expect, test } from "vitest";
import { builtImages } from "../../../../components/images/built-images.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-images-"));
const lock = join(folder, "lock.json");
writeFileSync(lock, JSON.stringify({ cell: { reference: "docker.io/breakwater/cell@sha256:aa" } }));
afterAll(() => rmSync(folder, { recursive: true }));

async function during(preview: boolean): Promise<void> {
  const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
  await setMocks(mocks, "breakwater", "local", preview);
}

function problemOf(action: () => unknown) {
  try {
    return [action(), "no problem"];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    throw error;
  }
}

test("a built image is referred to by its digest, at preview and at up", async () => {
  for (const preview of [true, false]) {
    await during(preview);
    expect(builtImages(lock)("cell")).toBe("docker.io/breakwater/cell@sha256:aa");
  }
});

test("at preview an image that is not built is unknown, not empty and not a tag", async () => {
  await during(true);
  const reference = builtImages(lock)("router");
  expect(typeof reference).toBe("object");
  const inner = await (reference as unknown as { promise(withUnknowns: boolean): Promise<unknown> }).promise(true);
  expect(isUnknown(inner)).toBe(true);
});

test.each([
  ["the lock does not name it", lock],
  ["there is no lock file", join(folder, "none.json")],
  ["no lock was named", undefined],
])("at up an image is refused when %s", async (_why, file) => {
  await during(false);
  expect(problemOf(() => builtImages(file)("router"))).toEqual([
    {
      code: "images/not-built",
      path: "image router",
      got: "no digest",
      expected: "an image built from runtime/",
      remedy: "run `npx breakwater up`, or build with `npx breakwater images` and repeat",
    },
  ]);
});

test("a lock that is no JSON is an error, and not an empty lock", async () => {
  const broken = join(folder, "broken.json");
  writeFileSync(broken, "{");
  await during(true);
  expect(() => builtImages(broken)).toThrow(SyntaxError);
});
