import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Output, output } from "@pulumi/pulumi/output.js";
import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import { afterAll, expect, test } from "vitest";
import { registryImages } from "../../../../components/images/registry-images.ts";
import type { ImageName } from "../../../../components/platform.ts";
import { record } from "../../../support/record.ts";

const folder = mkdtempSync(join(tmpdir(), "breakwater-images-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lock = join(folder, "contexts.json");
writeFileSync(
  lock,
  JSON.stringify({ router: { context: "../images/router-0123", tag: "0123", cache: "4567" }, cell: { tag: "89" } }),
);

function imagesOf(imageLock: string | undefined): (image: ImageName) => ReturnType<ReturnType<typeof registryImages>> {
  const repository = (image: ImageName) => output(`registry.example.com/acme/${image}`);
  return registryImages("images", { repository, imageLock }, {});
}

async function imagesAsked(...images: readonly ImageName[]): Promise<readonly MockResourceArgs[]> {
  const seen = await record(() => {
    const image = imagesOf(lock);
    for (const name of images) image(name);
  });
  return seen.filter(({ type }) => type === "docker-build:index:Image");
}

test("an image is built from its prepared context and pushed under the hash of its content, for the nodes' processor", async () => {
  const [image, ...others] = await imagesAsked("router");
  expect(others).toEqual([]);
  expect([image?.name, image?.inputs["context"], image?.inputs["tags"]]).toEqual([
    "images-router",
    { location: "../images/router-0123" },
    ["registry.example.com/acme/router:0123"],
  ]);
  expect(image?.inputs).toMatchObject({ push: true, platforms: ["linux/amd64"], buildOnPreview: false });
});

test("no tag is ever written twice: what is cached has the hash of what it is made of, and a refusal is borne", async () => {
  const [image] = await imagesAsked("router");
  const ref = "registry.example.com/acme/router:cache-4567";
  expect(image?.inputs["cacheFrom"]).toEqual([{ registry: { ref } }]);
  expect(image?.inputs["cacheTo"]).toMatchObject([{ registry: { ref, mode: "max", ignoreError: true } }]);
});

test("the build attests where it comes from", async () => {
  const [image] = await imagesAsked("router");
  // Without it the provider's own build turns attestation off.
  expect(image?.inputs["exec"]).toBe(true);
});

test("no credential is among the inputs: Docker's own helper has it", async () => {
  const [image] = await imagesAsked("router");
  expect(Object.keys(image?.inputs ?? {}).sort()).toEqual(
    // `network` is the SDK's own default.
    ["buildOnPreview", "cacheFrom", "cacheTo", "context", "exec", "network", "platforms", "push", "tags"].sort(),
  );
});

test("an image that several pods ask for is built once", async () => {
  expect(await imagesAsked("router", "router")).toHaveLength(1);
});

test("at preview without prepared contexts the image is in the plan, and what is not known is unknown", async () => {
  const seen: MockResourceArgs[] = [];
  const newResource = (args: MockResourceArgs) => {
    seen.push(args);
    return { id: "", state: args.inputs as Record<string, unknown> };
  };
  await setMocks({ newResource, call: () => ({}) }, "breakwater", "acme-aws", true);
  const reference = imagesOf(undefined)("cell");
  expect(Output.isInstance(reference)).toBe(true);
  const { isKnown } = reference as unknown as { isKnown: Promise<boolean> };
  expect(await isKnown).toBe(false);
  expect(seen.map(({ name }) => name)).toContain("images-cell");
});

test("at up an image without a prepared context is refused, before anything is built", async () => {
  await setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "breakwater", "acme-aws", false);
  expect(() => imagesOf(lock)("cell")).toThrow("[images/not-built] image cell: got no digest");
  expect(() => imagesOf(undefined)("router")).toThrow("[images/not-built] image router: got no digest");
});
