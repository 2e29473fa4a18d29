import { output } from "@pulumi/pulumi/output.js";
import { type MockResourceArgs, setMocks } from "@pulumi/pulumi/runtime/mocks.js";
import * as settings from "@pulumi/pulumi/runtime/settings.js";
import type { Demand } from "../../../../components/demand.ts";
import { tagsOf } from "../../../../components/tags.ts";
import { AuditBucket } from "../../../../components/tencent/buckets.ts";
import type { TencentContext } from "../../../../components/tencent/context.ts";
import { Keys } from "../../../../components/tencent/keys.ts";
import { Logs } from "../../../../components/tencent/logs.ts";
import { Network } from "../../../../components/tencent/network.ts";
import { zonesOf } from "../../../../components/tencent/offer.ts";
import { record } from "../../../support/record.ts";

/** What a company of fifty asks for, with a pool of every kind. */
export const DEMAND: Demand = {
  environment: "acme-tencent",
  architecture: "A",
  region: "ap-guangzhou",
  zones: undefined,
  people: 50,
  owner: "platform",
  dataClass: "internal",
  kubernetesVersion: "1.34",
  network: { cidr: "10.68.0.0/16", companyCidrs: ["10.0.0.0/10"] },
  entry: { exposure: "internal", host: "agents.acme.example", allowedCidrs: [] },
  egressHosts: ["api.deepseek.com", "api.hunyuan.cloud.tencent.com"],
  pools: [
    { name: "system", role: "system", vcpus: 4, memoryGiB: 16, min: 3, max: 6, podsPerNode: 40 },
    { name: "agents", role: "agents", vcpus: 8, memoryGiB: 32, min: 2, max: 4, podsPerNode: 40 },
    { name: "sandbox", role: "sandbox", vcpus: 8, memoryGiB: 32, min: 2, max: 4, podsPerNode: 40 },
    {
      name: "gpu-l20",
      role: "gpu",
      vcpus: 4,
      memoryGiB: 16,
      gpu: { kind: "l20", perNode: 1 },
      min: 0,
      max: 2,
      podsPerNode: 20,
    },
  ],
  sandboxIsolation: "gvisor",
  database: { vcpus: 2, memoryGiB: 8, storageGiB: 50, highAvailability: true, backupDays: 14 },
  auditRetentionDays: 365,
  accountHas: [],
  notify: ["ops-team@acme.example"],
  vaultUnseal: "kms",
  vaultTransitAddress: undefined,
};

/** The context of a demand in an account whose numbers are known. */
export function contextFor(change: Partial<Demand> = {}): TencentContext {
  const demand = { ...DEMAND, ...change };
  const account = { appId: output("1250000000"), uin: output("100000000001") };
  return { demand, account, zones: zonesOf(demand), tags: tagsOf(demand) };
}

/** Parts that others are made with. */
export function parts(context: TencentContext) {
  const keys = new Keys("keys", context);
  const audit = new AuditBucket("audit", context, { keys });
  return { keys, audit, logs: new Logs("logs", context, { audit }), network: new Network("network", context) };
}

/** The recorded resources of one class, such as `KmsKey`, by name: the order of recording is not promised. */
export function ofClass(seen: readonly MockResourceArgs[], name: string): readonly MockResourceArgs[] {
  const found = seen.filter(({ type }) => type.endsWith(`:${name}`));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const { disconnect } = settings as unknown as { disconnect(): Promise<void> };

/** Like `record`, with what only a provider would know: outputs of each class. */
export async function recordWith(
  outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  build: () => unknown,
): Promise<readonly MockResourceArgs[]> {
  const seen: MockResourceArgs[] = [];
  const newResource = (args: MockResourceArgs) => {
    seen.push(args);
    const known = outputs[args.type.split(":").at(-1) ?? ""] ?? {};
    return { id: `${args.name}-id`, state: { ...(args.inputs as Record<string, unknown>), ...known } };
  };
  await setMocks({ newResource, call: () => ({}) }, "breakwater", "test", false);
  await build();
  await disconnect();
  return seen;
}

/** What `build` refuses with; every resource that it had asked for by then is awaited. */
export async function refusalOf(build: () => unknown): Promise<string> {
  let refusal = "nothing was refused";
  await record(() => {
    try {
      build();
    } catch (error) {
      refusal = (error as Error).message;
    }
  });
  return refusal;
}

/** The one recorded resource of that class and name; an error where there is none. */
export function at(seen: readonly MockResourceArgs[], className: string, name: string): MockResourceArgs["inputs"] {
  const found = ofClass(seen, className).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${className} ${name} among ${seen.map((each) => each.name).join(", ")}`);
  return found.inputs;
}
