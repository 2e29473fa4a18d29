import { MockMonitor, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import { expect, test } from "vitest";
import { KmsKey } from "../../../../components/tencent/sdk/kms-key.ts";
import { Provider } from "../../../../components/tencent/sdk/provider.ts";
import { Vpc } from "../../../../components/tencent/sdk/vpc.ts";

/** Exported but `@internal`: what an engine is asked first, and what waits for every registration. */
const { awaitFeatureSupport, disconnect } = settings as unknown as {
  awaitFeatureSupport(): Promise<void>;
  disconnect(): Promise<void>;
};

interface Request {
  getName(): string;
  getVersion(): string;
  getParameterization(): { getName(): string; getVersion(): string; getValue_asU8(): Uint8Array };
}

/** Writes down which packages are asked for, and which reference resources carry. */
class Monitor extends MockMonitor {
  readonly packages: unknown[] = [];
  readonly references: string[] = [];

  override registerPackage(request: Request, reply: (error: unknown, response: unknown) => void): void {
    const parameter = request.getParameterization();
    const value = JSON.parse(Buffer.from(parameter.getValue_asU8()).toString());
    this.packages.push([request.getName(), request.getVersion(), parameter.getName(), parameter.getVersion(), value]);
    super.registerPackage(request as never, reply as never);
  }

  override async registerResource(
    request: { getType(): string; getPackageref(): string },
    reply: (error: unknown, response: unknown) => void,
  ): Promise<void> {
    if (request.getType().includes("tencentcloud")) this.references.push(request.getPackageref());
    await super.registerResource(request as never, reply as never);
  }
}

test("everything of Tencent Cloud asks for one bridged provider of one version, once", async () => {
  const mocks = {
    newResource: ({ name }: { name: string }) => ({ id: name, state: {} }),
    call: () => ({}),
  };
  const monitor = new Monitor(mocks);
  await setMocks(mocks, "breakwater", "test", false);
  settings.setMockOptions(monitor, "breakwater", "test", false);
  await awaitFeatureSupport();
  const provider = new Provider("tencent", { region: "ap-guangzhou" });
  new Vpc("network", { name: "network", cidrBlock: "10.68.0.0/16" }, { provider });
  new KmsKey("key", { alias: "key" }, { provider });
  await disconnect();
  const url = "registry.opentofu.org/tencentcloudstack/tencentcloud";
  expect(monitor.packages).toEqual([
    ["terraform-provider", "1.1.1", "tencentcloud", "1.83.25", { remote: { url, version: "1.83.25" } }],
  ]);
  expect(monitor.references).toEqual(["mock-uuid", "mock-uuid", "mock-uuid"]);
});
