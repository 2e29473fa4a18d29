import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { layoutOf } from "../../../../tools/images/oci-archive.ts";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const manifest = {
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  config: { digest: digest("a") },
  layers: [{ digest: digest("b") }, { digest: digest("b") }],
};

test("an image is named by the digest of its manifest's bytes", () => {
  const bytes = Buffer.from(JSON.stringify(manifest));
  const hex = createHash("sha256").update(bytes).digest("hex");
  const layout = layoutOf(bytes, "docker.io/breakwater/cell");
  expect(layout.reference).toBe(`docker.io/breakwater/cell@sha256:${hex}`);
  expect(layout.blobs).toEqual(["a".repeat(64), "b".repeat(64)]);
  expect(layout.index).toEqual({
    schemaVersion: 2,
    manifests: [
      {
        mediaType: manifest.mediaType,
        digest: `sha256:${hex}`,
        size: bytes.length,
        annotations: { "io.containerd.image.name": layout.reference },
      },
    ],
  });
});

test.each([["no json"], ["{}"], [JSON.stringify({ ...manifest, layers: [] })]])("%j is no image", (text) => {
  expect(() => layoutOf(Buffer.from(text), "r")).toThrow("[images/manifest]");
});
