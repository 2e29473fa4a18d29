import { join } from "node:path";
import { output } from "@pulumi/pulumi/output.js";
import { expect, test } from "vitest";
import type { Keys } from "../../../../components/alibaba/keys.ts";
import { PROVIDED_FOLDER, provided } from "../../../../components/alibaba/provided.ts";
import { vaultSeal } from "../../../../components/alibaba/vault-seal.ts";
import { built, demand, inputsOf, planned, platformFor } from "./world.ts";

const wanted = demand("acme-alibaba");
const resources = await built(wanted);
const platform = await platformFor(wanted);

test("the region is the environment's, whatever the deploying machine's own settings say", async () => {
  expect(inputsOf(resources, "pulumi:providers:alicloud", "alicloud")).toMatchObject({ region: "cn-hangzhou" });
});

test("everything of the cloud is made by that provider, the database among it, but for the copy of backups elsewhere", async () => {
  const plan = await planned(wanted);
  const provider = plan.find(({ type }) => type === "pulumi:providers:alicloud");
  const ofTheCloud = plan.filter(({ type }) => type.startsWith("alicloud:"));
  expect(ofTheCloud.length).toBeGreaterThan(100);
  expect(ofTheCloud.filter((one) => one.provider !== provider?.urn).map(({ name }) => name)).toEqual([
    "alibaba-backup-copy",
  ]);
});

test("everything that takes tags says whose it is", async () => {
  const tagged = resources.filter(({ inputs }) => "tags" in (inputs as object) && !("push" in (inputs as object)));
  expect(tagged.length).toBeGreaterThan(40);
  for (const { name, inputs } of tagged) {
    expect([name, (inputs as { tags: unknown }).tags]).toEqual([
      name,
      expect.objectContaining({ "breakwater:environment": "acme-alibaba", "breakwater:owner": "platform" }),
    ]);
  }
});

test("agents get what the platform made: classes of storage, the kernel of sandboxes, the API server's addresses", async () => {
  expect(platform).toMatchObject({
    storageClass: "breakwater-disk",
    sharedStorageClass: "breakwater-shared",
    sandboxRuntimeClass: "gvisor",
    apiServer: [
      { ipBlock: { cidr: "10.80.192.0/20" } },
      { ipBlock: { cidr: "10.80.208.0/20" } },
      { ipBlock: { cidr: "10.80.224.0/20" } },
    ],
  });
  expect(platform.scratchVolume("workspace", 512)).toHaveProperty(["dev.gvisor.spec.mount.workspace.type"], "tmpfs");
  expect((await platformFor({ ...wanted, sandboxIsolation: "kata" })).scratchVolume("workspace", 512)).toEqual({});
});

test("the way to an outside model leaves out the network, Services, metadata and Alibaba's inner addresses", async () => {
  expect(platform.internalCidrs).toEqual(["10.80.0.0/16", "172.21.0.0/20", "100.64.0.0/10", "169.254.0.0/16"]);
});

test("secrets are delivered to the new cluster, not to that of the deploying machine", async () => {
  const secrets = inputsOf(resources, ":SecretFiles") as { kubeconfig: string };
  expect(secrets.kubeconfig).toContain("ack-ram-tool");
});

test("the vault is opened by the environment's own key, asked for inside the network, without any credential", async () => {
  const { vaultSeal: seal } = platform;
  const stanza = await new Promise<string>((resolve) => {
    output(seal?.stanza).apply((text) => resolve(text ?? ""));
  });
  expect(stanza).toContain('seal "alicloudkms"');
  expect(stanza).toContain('"kms-vpc.cn-hangzhou.aliyuncs.com"');
  expect(stanza).toContain('"alibaba-keys-vault-id"');
  expect(stanza).not.toMatch(/access_key|secret_key/);
  expect(seal?.ways).toEqual([
    { peers: [{ ipBlock: { cidr: "100.100.100.200/32" } }], port: 80 },
    { peers: [{ ipBlock: { cidr: "100.64.0.0/10" } }], port: 443 },
  ]);
});

const noKeys = {} as unknown as Keys;

test("another vault opens it by a token in a file, somewhere in the company's network", () => {
  const seal = vaultSeal(
    { ...wanted, vaultUnseal: "transit", vaultTransitAddress: "https://vault.acme.internal:8200" },
    noKeys,
  );
  expect(seal.stanza).toContain('token = "file:///run/secrets/vault-seal/transit-token"');
  expect(seal.secretFiles).toHaveProperty("transit-token", "platform/vault-transit-token");
  expect(seal.ways).toEqual([{ peers: [{ ipBlock: { cidr: "10.0.0.0/12" } }], port: 8200 }]);
});

test("with shares of people nothing opens it", () => {
  expect(vaultSeal({ ...wanted, vaultUnseal: "shamir" }, noKeys)).toEqual({ stanza: "" });
});

test("an update without the public texts that have to be put there is refused, with where they come from", () => {
  expect(() => provided("rds-authority.pem", join(PROVIDED_FOLDER, "nowhere"))).toThrow(
    /^\[alibaba\/not-provided\] components\/alibaba\/provided\/rds-authority\.pem: got no such file; .*ApsaraDB-CA-Chain\.zip/,
  );
});
