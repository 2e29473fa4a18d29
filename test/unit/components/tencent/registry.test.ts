import { output } from "@pulumi/pulumi/output.js";
import { expect, test } from "vitest";
import { Registry } from "../../../../components/tencent/registry.ts";
import { record } from "../../../support/record.ts";
import { at, contextFor, parts } from "./sample.ts";

let registry: Registry;
const made = () =>
  record(() => {
    const context = contextFor();
    registry = new Registry("registry", context, parts(context));
  });

test("the registry answers inside the network and nowhere else", async () => {
  const seen = await made();
  expect(at(seen, "TcrInstance", "registry")).toMatchObject({ openPublicOperation: false, deletionProtection: true });
  expect(at(seen, "TcrVpcAttachment", "registry")).toMatchObject({
    vpcId: "network-id",
    enableVpcDomainDns: true,
    enablePublicDomainDns: false,
  });
});

test("no tag of any image moves, and every image is scanned", async () => {
  const seen = await made();
  expect(at(seen, "TcrImmutableTagRule", "registry").rule).toEqual({
    repositoryPattern: "**",
    repositoryDecoration: "repoMatches",
    tagPattern: "**",
    tagDecoration: "matches",
    disabled: false,
  });
  expect(at(seen, "TcrNamespace", "registry").isAutoScan).toBe(true);
});

test("images are named by the registry's own host", async () => {
  await made();
  const repository = await new Promise((resolve) => output(registry.repository("cell")).apply(resolve));
  expect(repository).toBe(`${registry.address}/breakwater/cell`);
  expect(registry.address).toMatch(/^acme-tencent-images-[0-9a-z]{6}\.tencentcloudcr\.com$/);
});
