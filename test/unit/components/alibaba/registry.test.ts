import { expect, test } from "vitest";
import { allOf, built, demand, inputsOf, platformFor } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);

test("the registry answers in the network, and no endpoint of the internet is made", () => {
  expect(inputsOf(resources, ":VpcEndpointLinkedVpc")).toMatchObject({
    vpcId: "alibaba-network-id",
    vswitchId: "alibaba-network-data-cn-hangzhou-i-id",
    moduleName: "Registry",
  });
  expect(resources.filter(({ type }) => /internetEndpoint|endpointAclPolicy/i.test(type))).toEqual([]);
});

test("each image has a private repository whose tags cannot be moved", () => {
  const repositories = allOf(resources, ":RegistryEnterpriseRepo");
  expect(repositories.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["cell", "cell-agent", "sandbox", "front-door", "router", "echo-model", "postgres"]),
  );
  for (const repository of repositories)
    expect(repository).toMatchObject({ tagImmutability: true, repoType: "PRIVATE" });
  expect(inputsOf(resources, ":RegistryEnterpriseNamespace")).toMatchObject({
    autoCreate: false,
    defaultVisibility: "PRIVATE",
  });
});

test("every image that is pushed is scanned", () => {
  expect(inputsOf(resources, ":ScanRule")).toMatchObject({
    triggerType: "AUTO",
    scanType: "VUL",
    repoTagFilterPattern: ".*",
    namespaces: ["breakwater"],
  });
});

test("layers lie in a bucket of ours, which is encrypted", () => {
  expect(inputsOf(resources, ":RegistryEnterpriseInstance")).toMatchObject({
    defaultOssBucket: "false",
    customOssBucket: "alibaba-registry-layers-id",
  });
});

test("pods take images from the registry's inner host, by digest", async () => {
  const { instanceName } = inputsOf(resources, ":RegistryEnterpriseInstance");
  const reference = await new Promise<string>((resolve) => {
    void platformFor(wanted).then(({ image }) => {
      const found = image("postgres") as unknown as { apply(then: (value: string) => void): void };
      found.apply(resolve);
    });
  });
  expect(reference).toMatch(
    new RegExp(`^${String(instanceName)}-registry-vpc\\.cn-hangzhou\\.cr\\.aliyuncs\\.com/breakwater/postgres@sha256:`),
  );
});
