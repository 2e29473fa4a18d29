import { describe, expect, test } from "vitest";
import { IMAGE_NAMES } from "../../../../tools/images/image-name.ts";
import { contextFiles, imageInputsHash } from "../../../../tools/images/inputs.ts";

describe("the inputs of an image", () => {
  test("give the same hash every time", () => {
    expect(imageInputsHash("cell")).toBe(imageInputsHash("cell"));
  });

  test("give every image a hash of its own", () => {
    expect(new Set(IMAGE_NAMES.map(imageInputsHash)).size).toBe(IMAGE_NAMES.length);
  });

  test("contain what the Dockerfile of the cell copies", () => {
    const paths = contextFiles("cell").map(({ path }) => path);
    expect(paths).toContain("cell-guard/index.mjs");
    expect(paths).toContain("package-lock.json");
    expect(paths.filter((path) => path.startsWith("skills/")).length).toBeGreaterThan(0);
  });

  test("are bundled without a trace of the folder that they were bundled in", () => {
    for (const name of ["cell-agent", "cell"] as const) {
      for (const { content } of contextFiles(name)) expect(Buffer.from(content).includes(process.cwd())).toBe(false);
    }
  });
});
